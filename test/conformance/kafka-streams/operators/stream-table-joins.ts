import { plainKey } from '../functions/windowed-keys.ts'
import { joinerOf } from '../functions/joiners.ts'
import { keyMapperOf } from '../functions/key-mappers.ts'
import {
  serdeOf,
  storeOptions,
  type Building,
  type Built,
  type OperatorBuilder,
  type Stream,
} from '../building.ts'
import type { ScenarioNode } from '../scenario.ts'

export const STREAM_TABLE_JOINS: Readonly<Record<string, OperatorBuilder>> = {
  globalTable: (node, building) => {
    const type = building.scenario.topics[node.topic!]!
    const options = { key: plainKey, value: serdeOf(type), ...storeOptions(node, building) }
    return { kind: 'global-table', table: building.builder.globalTable(node.topic!, options), type }
  },

  joinTable: (node, building) => {
    const [left, right] = sides(node, building, 'table')
    const { join, type } = joinerOf(node.joiner!, left.type, right.type)
    const { graceMs } = node
    const options = {
      ...{ key: plainKey, value: serdeOf(left.type) },
      ...(graceMs !== undefined && { graceMs }),
    }
    const joined =
      node.kind === 'left'
        ? left.stream.leftJoin(right.table, join, options)
        : left.stream.join(right.table, join, options)
    return { kind: 'stream', stream: joined as unknown as Stream, type }
  },

  joinGlobal: (node, building) => {
    const [left, right] = sides(node, building, 'global-table')
    const { join, type } = joinerOf(node.joiner!, left.type, right.type)
    const selector = keyMapperOf(node.keyFn!)
    const joined =
      node.kind === 'left'
        ? left.stream.leftJoin(right.table, selector, join)
        : left.stream.join(right.table, selector, join)
    return { kind: 'stream', stream: joined as unknown as Stream, type }
  },
}

type BuiltOf<Kind> = Built & { readonly kind: Kind }

function sides<Kind extends 'table' | 'global-table'>(
  node: ScenarioNode,
  building: Building,
  kind: Kind,
): [BuiltOf<'stream'>, BuiltOf<Kind>] {
  const [left, right] = building.inputs(node)
  if (left?.kind !== 'stream' || right?.kind !== kind)
    throw new TypeError(`${node.op} of a ${left?.kind} and a ${right?.kind}`)
  return [left, right as BuiltOf<Kind>]
}
