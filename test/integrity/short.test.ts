import { describe, expect, test } from '@jest/globals'
import { randomInt } from 'node:crypto'
import { missingForReader } from './harness/read-committed.mjs'
import { runScenario } from './harness/run-scenario.mjs'
import type { Scenario } from './harness/run-scenario.mjs'
import { forcedClaim } from './scenarios/forced-claim.mjs'
import { randomKills } from './scenarios/random-kills.mjs'

const servers = {
  brokers: process.env['KAFKA_BROKERS']?.split(',') ?? [],
  databaseUrl: process.env['DATABASE_URL'] ?? '',
}

/** A short form of `npm run integrity`, which has more scenarios and more of each. */
async function run(scenario: Scenario, options: { kills: number; processes: number }) {
  const seed = randomInt(1_000_000)
  const said: string[] = [`seed ${seed}`]
  const result = await runScenario(scenario, {
    ...{ servers, seed, linesPerSecond: 1_000, say: (line: string) => said.push(line) },
    ...options,
  })
  // What was done belongs to what went wrong.
  return { ...result, problems: result.problems.length === 0 ? [] : [...said, ...result.evidence] }
}

const missing = process.env['CI'] === 'true' ? undefined : missingForReader()
const describeIfReadable = missing === undefined ? describe : describe.skip
const title = 'word counts that are hurt count every word once'

describeIfReadable(missing === undefined ? title : `${title} (${missing})`, () => {
  test('two of them are killed, one between COMMIT and EndTxn', async () => {
    const result = await run(randomKills, { kills: 2, processes: 2 })
    expect(result.problems).toEqual([])
    expect(result.faults).toBe(2)
  })

  test('a task is taken from one of them by force', async () => {
    const result = await run({ ...forcedClaim, processes: 2 }, { kills: 2, processes: 2 })
    expect(result.problems).toEqual([])
  })
})
