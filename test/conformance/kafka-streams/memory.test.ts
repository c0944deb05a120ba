import { describe } from '@jest/globals'
import { memory } from '../../../src/testing/memory.ts'
import { scenarioSuite } from './scenario-suite.ts'

describe('as Kafka Streams, on memory', () => {
  scenarioSuite({ surroundings: () => ({ database: memory() }) })
})
