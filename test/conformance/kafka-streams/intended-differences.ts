import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { Result } from './scenario.ts'

/** Where rowstream is not as Kafka Streams on purpose, and what still has to hold. */
export interface IntendedDifference {
  readonly why: string
  /** Options under which the results are the same. */
  readonly onError?: TopologyTestDriverOptions['onError']
  /** What is compared of both results. */
  readonly view?: (result: Result) => Result
}

/** By the id of the scenario. */
export const INTENDED_DIFFERENCES: Readonly<Record<string, IntendedDifference>> = {
  'window/quirk-close-tumbling-default-retention': {
    why:
      'With emission on close, Kafka Streams loses windows that expire before they are emitted, when stream time jumps. Here a ' +
      'window that has not been emitted does not expire.',
    view: (result) => ({ ...result, outputs: result.outputs.slice(0, 2) }),
  },
  'window/sliding-zero-difference': {
    why: 'Kafka Streams fails on the first record. Here such a window holds the records of one millisecond.',
    view: () => ({ outputs: [], dropped: 0 }),
  },
}
