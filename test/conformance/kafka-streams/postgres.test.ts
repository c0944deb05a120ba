import { postgres } from '../../../src/database/postgres/index.ts'
import { describePostgres } from '../database/postgres-server.ts'
import { scenarioSuite } from './scenario-suite.ts'

describePostgres('as Kafka Streams, on postgres', (server) => {
  let schemas = 0
  scenarioSuite({
    // Those with stores, and those that fail: what else there is never reaches the database.
    families: ['agg', 'caching', 'error', 'optimize'],
    options: () => ({
      database: postgres({ url: server.url, max: 2 }),
      schema: server.schema(`scenario_${++schemas}`),
    }),
  })
})
