import { defaultSerdeOf, serdeOf, type OperatorBuilder } from '../building.ts'
import type { ScenarioNode } from '../scenario.ts'

export const SUPPRESS: Readonly<Record<string, OperatorBuilder>> = {
  suppress: (node, building) => {
    const input = building.input(node, 'table')
    const { table, type, hasDefaultSerde } = input
    const value = hasDefaultSerde ? defaultSerdeOf(type) : serdeOf(type)
    const suppressed = table.suppress({ ...untilOf(node), ...boundsOf(node), value })
    return { ...input, table: suppressed }
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
