import { postgres } from '../../../src/database/postgres/index.ts'
import { describePostgres } from '../database/postgres-server.ts'
import { seedOf } from './scenario.ts'
import { scenarioSuite } from './scenario-suite.ts'

/** Of all scenarios, of every family: about 330. */
const EVERY = 3

describePostgres('as Kafka Streams, on postgres', (server) => {
  let schemas = 0
  scenarioSuite({
    where: ({ scenario }) => seedOf(scenario.id) % EVERY === 0,
    options: () => ({
      database: postgres({ url: server.url, max: 2 }),
      schema: server.schema(`scenario_${++schemas}`),
    }),
  })
})
