import { plainKey } from '../functions/windowed-keys.ts'
import { aggregatorOf, initialiserOf, reducerOf } from '../functions/aggregators.ts'
import { keyMapperOf } from '../functions/key-mappers.ts'
import { asTable, serdeOf, storeOptions, type Building, type OperatorBuilder } from '../building.ts'
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
    const options = { ...storeOptions(node, building), combine: building.combines }
    return asTable(group.count(options), 'long')
  },

  reduce: (node, building) => {
    const { group, type } = building.input(node, 'group')
    const options = { ...storeOptions(node, building), value: serdeOf(type) }
    return asTable(group.reduce(reducerOf(node.fn!), options), type)
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
    return asTable(table, initial.type)
  },
}

function groupOptions(node: ScenarioNode, building: Building) {
  const { type } = building.input(node, 'stream')
  return { key: plainKey, value: serdeOf(type), ...(node.name && { name: node.name }) }
}
