import { describe } from '@jest/globals'
import { memory } from '../../../src/testing/memory.ts'
import type { ComparableResult } from './compare-results.ts'
import { createRandom } from '../../support/random.ts'
import { seedOf } from './scenario.ts'
import { scenarioSuite } from './scenario-suite.ts'
import { settledStores } from './settled-stores.ts'

describe('as Kafka Streams, on memory', () => {
  scenarioSuite({ options: () => ({ database: memory() }) })
})

describe('as Kafka Streams, restarted after records at random', () => {
  scenarioSuite({
    options: ({ id }) => ({ database: memory(), restarts: createRandom(seedOf(id)) }),
  })
})

// What is forwarded is a matter of when commits are made, and so is whether a value that fails is seen at all. What is left is not, in
// most stores.
describe('leaves the rows of Kafka Streams, with caches and a commit every 2 to 50 records', () => {
  scenarioSuite({
    where: ({ scenario, expected }) => !expected.error && settledStores(scenario).size > 0,
    options: ({ id }) => ({ database: memory(), commits: createRandom(seedOf(id)) }),
    compared: ({ stores }, scenario) => ({
      stores: only(settledStores(scenario), stores),
    }),
  })
})

function only(
  names: ReadonlySet<string>,
  stores: ComparableResult['stores'],
): ComparableResult['stores'] {
  return Object.fromEntries(Object.entries(stores).filter(([name]) => names.has(name)))
}
