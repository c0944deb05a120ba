import { describe } from '@jest/globals'
import { memory } from '../../../src/testing/memory.ts'
import { createRandom } from './random.ts'
import { scenarioSuite } from './scenario-suite.ts'

describe('as Kafka Streams, on memory', () => {
  scenarioSuite({ options: () => ({ database: memory() }) })
})

describe('as Kafka Streams, restarted after records at random', () => {
  scenarioSuite({
    options: ({ id }) => ({ database: memory(), restarts: createRandom(seedOf(id)) }),
  })
})

// What comes between two commits is a matter of when they are made; what they leave is not.
describe('leaves the rows of Kafka Streams, with caches and a commit every 2 to 50 records', () => {
  scenarioSuite({
    options: ({ id }) => ({ database: memory(), commits: createRandom(seedOf(id)) }),
    compared: ({ stores, error }) => ({ stores, error: error && { ...error, step: -1 } }),
  })
})

function seedOf(id: string): number {
  return [...id].reduce((seed, character) => seed * 31 + character.charCodeAt(0), 7) % 2 ** 31
}
