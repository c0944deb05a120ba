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
export const INTENDED_DIFFERENCES: Readonly<Record<string, IntendedDifference>> = {}
