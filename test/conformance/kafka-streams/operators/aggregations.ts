import { serdes } from '../../../../src/serdes/serdes.ts'
import { aggregatorOf, initialiserOf, reducerOf } from '../functions/aggregators.ts'
import { keyMapperOf } from '../functions/key-mappers.ts'
import { serdeOf, type Building, type OperatorBuilder, type Table } from '../building.ts'
import type { ScenarioNode, Value } from '../scenario.ts'

export const AGGREGATIONS: Readonly<Record<string, OperatorBuilder>> = {
  groupBy: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const grouped = stream.groupBy(keyMapperOf(node.keyFn!), groupOptions(node, building))
    return { kind: 'group', group: grouped, type }
  },

  groupByKey: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    return { kind: 'group', group: stream.groupByKey(groupOptions(node, building)), type }
  },

  count: (node, building) => {
    const { group } = building.input(node, 'group')
    const table = group.count({
      ...storeOptions(node, building),
      combine: building.combines,
    }) as unknown as Table
    return { kind: 'table', table, type: 'long' }
  },

  reduce: (node, building) => {
    const { group, type } = building.input(node, 'group')
    const options = { ...storeOptions(node, building), value: serdeOf(type) }
    return { kind: 'table', table: group.reduce(reducerOf(node.fn!), options), type }
  },

  aggregate: (node, building) => {
    const { group } = building.input(node, 'group')
    const initial = initialiserOf(node.init!)
    const table = group.aggregate<Value>({
      init: () => initial.value,
      add: aggregatorOf(node.fn!),
      ...storeOptions(node, building),
      value: serdeOf(initial.type),
    })
    return { kind: 'table', table, type: initial.type }
  },
}

function groupOptions(node: ScenarioNode, building: Building) {
  const { type } = building.input(node, 'stream')
  return { key: serdes.string, value: serdeOf(type), ...(node.name && { name: node.name }) }
}

function storeOptions(node: ScenarioNode, building: Building) {
  return { ...(node.store && { store: node.store }), cache: building.isCached(node) }
}
