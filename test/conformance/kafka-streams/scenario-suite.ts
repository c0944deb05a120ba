import { describe, expect, test } from '@jest/globals'
import { comparable, type ComparableResult } from './compare-results.ts'
import { INTENDED_DIFFERENCES } from './intended-differences.ts'
import { runScenario, type RunOptions } from './run-scenario.ts'
import { readScenarios, type Case, type Result, type Scenario } from './scenario.ts'

/** Where the scenarios of a suite run. */
export interface ScenarioSuite {
  /** Which scenarios. (Default: all) */
  readonly where?: (one: Case) => boolean
  /** How one scenario runs, on a database that nobody has used before. */
  readonly options: (scenario: Scenario) => RunOptions
  /** What is compared of both results. (Default: all) */
  readonly compared?: (result: ComparableResult, scenario: Scenario) => Partial<ComparableResult>
}

/** Every scenario, run on the TopologyTestDriver, gives what Kafka Streams 4.3.1 gave on its own. */
export function scenarioSuite(suite: ScenarioSuite): void {
  for (const [family, cases] of readScenarios()) {
    describe(family, () => {
      for (const one of cases.filter(suite.where ?? (() => true))) {
        const { id } = one.scenario
        const name = id in INTENDED_DIFFERENCES ? `${id} differs only as intended` : id
        test(name, () => expectSame(one, suite))
      }
    })
  }
}

async function expectSame(
  { scenario, expected }: Case,
  { options, compared = (result) => result }: ScenarioSuite,
): Promise<void> {
  const intended = INTENDED_DIFFERENCES[scenario.id]
  const { onError, view = (result: Result) => result } = intended ?? {}
  const actual = await runScenario(scenario, { ...options(scenario), ...(onError && { onError }) })
  if (intended) expect(actual.outputs).toEqual(intended.outputs)
  const seen = (result: Result) =>
    compared(comparable(view(result), expected.storeSensitive), scenario)
  expect(seen(actual)).toEqual(seen(expected))
}
