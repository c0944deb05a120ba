import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { JsonValue, Result, ResultRecord } from './scenario.ts'

/** Where rowstream is not as Kafka Streams on purpose, and what still has to hold. */
export interface IntendedDifference {
  readonly why: string
  /** Options under which the results are the same. */
  readonly onError?: TopologyTestDriverOptions['onError']
  /** What is compared of both results. */
  readonly view?: (result: Result) => Result
  /** What comes out here, all of it. */
  readonly outputs: readonly ResultRecord[]
}

/** A window's result as it comes out. */
function emitted(
  step: number,
  [key, start, end]: Window,
  value: JsonValue,
  ts: number,
): ResultRecord {
  return { step, topic: 'out', key: { key, start, end }, value, ts, headers: [] }
}

type Window = readonly [key: string, start: number, end: number]

/** By the id of the scenario. */
export const INTENDED_DIFFERENCES: Readonly<Record<string, IntendedDifference>> = {
  'window/quirk-close-tumbling-default-retention': {
    why:
      'With emission on close, Kafka Streams loses windows that expire before they are emitted, when stream time jumps. Here a ' +
      'window that has not been emitted does not expire.',
    view: (result) => ({ ...result, outputs: result.outputs.slice(0, 2) }),
    outputs: [
      emitted(5, ['a', 0, 10], 11, 5),
      emitted(5, ['b', 0, 10], 1, 9),
      emitted(12, ['a', 10, 20], 5, 15),
      emitted(12, ['b', 10, 20], 2, 19),
      emitted(12, ['a', 20, 30], 80, 24),
    ],
  },
  'window/sliding-zero-difference': {
    why: 'Kafka Streams fails on the first record. Here such a window holds the records of one millisecond.',
    view: () => ({ outputs: [], dropped: 0 }),
    outputs: [
      emitted(0, ['a', 10, 10], '1', 10),
      emitted(1, ['a', 10, 10], '12', 10),
      emitted(2, ['a', 11, 11], '4', 11),
    ],
  },
}
