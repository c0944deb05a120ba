import { describe } from '@jest/globals'
import { memory } from '../../../src/testing/memory.ts'
import type { ComparableResult } from './compare-results.ts'
import { createRandom } from '../../support/random.ts'
import { seedOf } from './scenario.ts'
import { scenarioSuite } from './scenario-suite.ts'

/**
 * Tables that are grouped: a row that comes to a group and leaves it again leaves a count of 0; between two commits it was never
 * there. And tables below a `suppress`: what it has let through depends on the times of the changes that it saw.
 * And what comes through several repartition topics comes in an order that commits decide. Random scenarios have all of that.
 */
const LEAVES_TRACES =
  /^tableagg\/|^agg\/count-of-count$|^suppress\/of-|^window\/.*-(rekey-count|groupBy-key-reduce|groupBy)$|^cogroup\/three-with-repartition$|^random\//

describe('as Kafka Streams, on memory', () => {
  scenarioSuite({ options: () => ({ database: memory() }) })
})

describe('as Kafka Streams, restarted after records at random', () => {
  scenarioSuite({
    options: ({ id }) => ({ database: memory(), restarts: createRandom(seedOf(id)) }),
  })
})

// What is forwarded is a matter of when commits are made, and so is whether a value that fails is seen at all. What is left is not,
// but for times: a change that came and went between two commits was never there.
describe('leaves the rows of Kafka Streams, with caches and a commit every 2 to 50 records', () => {
  scenarioSuite({
    where: ({ scenario, expected }) => !expected.error && !LEAVES_TRACES.test(scenario.id),
    options: ({ id }) => ({ database: memory(), commits: createRandom(seedOf(id)) }),
    compared: ({ stores }) => ({ stores: withoutTimes(stores) }),
  })
})

function withoutTimes(stores: ComparableResult['stores']): ComparableResult['stores'] {
  const rows = Object.entries(stores).map(([name, { type, entries }]) => [
    name,
    { type, entries: entries.map((row) => ({ ...row, ts: 0 })) },
  ])
  return Object.fromEntries(rows) as ComparableResult['stores']
}
