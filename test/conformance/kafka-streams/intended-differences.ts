import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { Result, ResultRecord } from './scenario.ts'

/** Where rowstream is not as Kafka Streams on purpose, and what still has to hold. */
export interface IntendedDifference {
  readonly why: string
  /** Options under which the results are the same. */
  readonly onError?: TopologyTestDriverOptions['onError']
  /** What is compared of both results. */
  readonly view?: (result: Result) => Result
}

const onePerCommit: IntendedDifference = {
  why:
    "Kafka's test driver commits after every record, those of repartition topics too, so that caches merge nothing behind a " +
    'repartition. Here, as in production, what one record caused is committed together.',
  view: lastOfEachKey,
}

/** By the id of the scenario. */
export const INTENDED_DIFFERENCES: Readonly<Record<string, IntendedDifference>> = {
  'agg/wordcount-caching': onePerCommit,
  'agg/dup-then-reduce-caching': onePerCommit,
}

/** The last change of each key in each step, in the order of keys: what a cache lets through. */
function lastOfEachKey(result: Result): Result {
  const last = new Map<string, ResultRecord>()
  for (const record of result.outputs)
    last.set(`${String(record.step).padStart(9, '0')} ${record.topic} ${record.key}`, record)
  const sorted = [...last].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { ...result, outputs: sorted.map(([, record]) => record) }
}
