/** How records of a key become one value. Null or undefined as a result deletes what there was. */
export interface Aggregation {
  /**
   * The aggregate before the first record, null where there is none: what an uncached table says was there before its first
   * row, as in Kafka Streams.
   */
  readonly initial: () => unknown
  /** The aggregate after the first record. */
  readonly first: (key: unknown, value: unknown, initial: unknown) => unknown
  /** The aggregate after a further record. */
  readonly add: (key: unknown, value: unknown, aggregate: unknown) => unknown
  /**
   * Joins two aggregates over different records, the earlier one first. `undefined`: they cannot be
   * joined, so records are not combined before a repartition.
   */
  readonly merge: ((earlier: unknown, later: unknown) => unknown) | undefined
}

/** The aggregate after one more record; null where there is none, or was none. */
export function aggregateOnto(
  { first, add }: Aggregation,
  key: unknown,
  value: unknown,
  aggregate: unknown,
): unknown {
  const isFirst = aggregate === null || aggregate === undefined
  return (isFirst ? first(key, value, null) : add(key, value, aggregate)) ?? null
}

/** The same aggregation over partial aggregates in place of values. */
export function aggregationOfPartials(
  initial: Aggregation['initial'],
  merge: (earlier: unknown, later: unknown) => unknown,
): Aggregation {
  return Object.freeze({
    initial,
    first: (_key: unknown, partial: unknown) => partial,
    add: (_key: unknown, partial: unknown, aggregate: unknown) => merge(aggregate, partial),
    merge,
  })
}

/** Counts. */
export const COUNT: Aggregation = Object.freeze({
  initial: () => 0,
  first: () => 1,
  add: (_key: unknown, _value: unknown, count: unknown) => (count as number) + 1,
  merge: (earlier: unknown, later: unknown) => (earlier as number) + (later as number),
})

/** Reduces with a function; where it is associative, aggregates can be joined by it as well. */
export function reduceWith(
  reducer: (aggregate: unknown, value: unknown) => unknown,
  associative: boolean,
): Aggregation {
  return Object.freeze({
    initial: () => null,
    first: (_key: unknown, value: unknown) => value,
    add: (_key: unknown, value: unknown, aggregate: unknown) => reducer(aggregate, value),
    merge: associative ? reducer : undefined,
  })
}

/** The functions of an `aggregate`. */
export interface AggregateFunctions {
  readonly init: () => unknown
  readonly add: (key: unknown, value: unknown, aggregate: unknown) => unknown
  readonly combine?: (earlier: unknown, later: unknown) => unknown
}

/** Aggregates with functions; where there is one to combine, aggregates can be joined. */
export function aggregateWith({ init, add, combine }: AggregateFunctions): Aggregation {
  return Object.freeze({
    initial: init,
    first: add,
    add,
    merge: combine,
  })
}
