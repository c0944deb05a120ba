import { COUNT, aggregateWith, reduceWith, type Aggregation } from './aggregation.ts'

/** How the rows of a group become one value, and how a row is taken out of it again. Null or undefined deletes. */
export interface TableAggregation extends Pick<Aggregation, 'initial' | 'first' | 'add'> {
  readonly subtract: (key: unknown, value: unknown, aggregate: unknown) => unknown
}

/** Counts. A group that has lost its rows stays, with 0. */
export const TABLE_COUNT: TableAggregation = Object.freeze({
  initial: COUNT.initial,
  first: COUNT.first,
  add: COUNT.add,
  subtract: (_key: unknown, _value: unknown, count: unknown) => (count as number) - 1,
})

/** Reduces with a function, and takes values out with another. */
export function reduceTableWith(
  adder: (aggregate: unknown, value: unknown) => unknown,
  subtractor: (aggregate: unknown, value: unknown) => unknown,
): TableAggregation {
  const { initial, first, add } = reduceWith(adder, false)
  const subtract = (_key: unknown, value: unknown, aggregate: unknown) =>
    subtractor(aggregate, value)
  return Object.freeze({ initial, first, add, subtract })
}

/** The functions of an `aggregate` of a grouped table. */
export interface TableAggregateFunctions {
  readonly init: () => unknown
  readonly add: (key: unknown, value: unknown, aggregate: unknown) => unknown
  readonly subtract: (key: unknown, value: unknown, aggregate: unknown) => unknown
}

/** Aggregates with functions. */
export function aggregateTableWith({
  init,
  add,
  subtract,
}: TableAggregateFunctions): TableAggregation {
  const { initial, first } = aggregateWith({ init, add })
  return Object.freeze({ initial, first, add, subtract })
}
