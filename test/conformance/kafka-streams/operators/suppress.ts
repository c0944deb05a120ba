import { serdeOf, type OperatorBuilder } from '../building.ts'
import type { ScenarioNode } from '../scenario.ts'

export const SUPPRESS: Readonly<Record<string, OperatorBuilder>> = {
  suppress: (node, building) => {
    const { table, type } = building.input(node, 'table')
    const until = untilOf(node)
    const suppressed = table.suppress({ ...until, ...boundsOf(node), value: serdeOf(type) })
    return { kind: 'table', table: suppressed, type }
  },
}

function untilOf({ until, timeLimitMs, full }: ScenarioNode) {
  if (until === 'windowCloses') return { until: 'window-closes' } as const
  const whenFull = full === 'shutdown' ? 'shut-down' : 'emit-early'
  return { until: 'time-limit', timeLimitMs: timeLimitMs!, whenFull } as const
}

function boundsOf({ maxRecords, maxBytes }: ScenarioNode) {
  return {
    ...(maxRecords !== undefined && { maxRecords }),
    ...(maxBytes !== undefined && { maxBytes }),
  }
}
