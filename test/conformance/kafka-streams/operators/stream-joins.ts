import { serdes } from '../../../../src/serdes/serdes.ts'
import { joinerOf } from '../functions/joiners.ts'
import { serdeOf, type OperatorBuilder, type Stream } from '../building.ts'
import type { ScenarioNode } from '../scenario.ts'

export const STREAM_JOINS: Readonly<Record<string, OperatorBuilder>> = {
  join: (node, building) => {
    const [left, right] = building.inputs(node).map((built) => {
      if (built.kind !== 'stream') throw new TypeError(`a ${built.kind} is no stream`)
      return built
    })
    const { join, type } = joinerOf(node.joiner!, left!.type, right!.type)
    const options = {
      ...windowOf(node),
      key: serdes.string,
      value: serdeOf(left!.type),
      otherValue: serdeOf(right!.type),
    }
    const [one, other] = [left!.stream, right!.stream]
    const joins = {
      inner: () => one.join(other, join, options),
      left: () => one.leftJoin(other, join, options),
      outer: () => one.outerJoin(other, join, options),
    }
    const stream = joins[node.kind ?? 'inner']() as unknown as Stream
    return { kind: 'stream', stream, type }
  },
}

function windowOf({ beforeMs, afterMs, graceMs }: ScenarioNode) {
  return { beforeMs: beforeMs!, afterMs: afterMs!, ...(graceMs !== undefined && { graceMs }) }
}
