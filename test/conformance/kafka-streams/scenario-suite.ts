import { describe, expect, test } from '@jest/globals'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { comparable } from './compare-results.ts'
import { INTENDED_DIFFERENCES } from './intended-differences.ts'
import { runScenario } from './run-scenario.ts'
import { readScenarios, type Case, type Result } from './scenario.ts'

/** Where the scenarios of a suite run. */
export interface ScenarioSuite {
  /** All of them unless given. */
  readonly families?: readonly string[]
  /** The database of one scenario: nobody has used it before. */
  readonly surroundings: () => Pick<TopologyTestDriverOptions, 'database' | 'schema'>
}

/** Every scenario, run on the TopologyTestDriver, gives what Kafka Streams 4.3.1 gave on its own. */
export function scenarioSuite({ families, surroundings }: ScenarioSuite): void {
  for (const [family, cases] of readScenarios()) {
    if (families && !families.includes(family)) continue
    describe(family, () => {
      for (const one of cases) {
        const { id } = one.scenario
        const name = id in INTENDED_DIFFERENCES ? `${id} differs only as intended` : id
        test(name, () => expectSame(one, surroundings()))
      }
    })
  }
}

async function expectSame(
  { scenario, expected }: Case,
  surroundings: ReturnType<ScenarioSuite['surroundings']>,
): Promise<void> {
  const { onError, view = (result: Result) => result } = INTENDED_DIFFERENCES[scenario.id] ?? {}
  const actual = await runScenario(scenario, { ...surroundings, ...(onError && { onError }) })
  expect(comparable(view(actual))).toEqual(comparable(view(expected)))
}
