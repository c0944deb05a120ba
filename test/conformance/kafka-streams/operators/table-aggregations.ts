import { aggregatorOf, initialiserOf, reducerOf } from '../functions/aggregators.ts'
import { asTable, serdeOf, storeOptions, type OperatorBuilder } from '../building.ts'
import type { Value } from '../scenario.ts'

/** Operators on grouped tables, by the names that operators on grouped streams have as well. */
export const TABLE_AGGREGATIONS: Readonly<Record<string, OperatorBuilder>> = {
  count: (node, building) => {
    const { group } = building.input(node, 'table-group')
    return asTable(group.count(storeOptions(node, building)), 'long')
  },

  reduce: (node, building) => {
    const { group, type } = building.input(node, 'table-group')
    const options = { ...storeOptions(node, building), value: serdeOf(type) }
    return asTable(group.reduce(reducerOf(node.fn!), reducerOf(node.subtractor!), options), type)
  },

  aggregate: (node, building) => {
    const { group } = building.input(node, 'table-group')
    const initial = initialiserOf(node.init!)
    const table = group.aggregate<Value>({
      init: () => initial.value,
      add: aggregatorOf(node.fn!),
      subtract: aggregatorOf(node.subtractor!),
      ...storeOptions(node, building),
      value: serdeOf(initial.type),
    })
    return asTable(table, initial.type)
  },
}
