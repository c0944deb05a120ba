import { afterAll } from '@jest/globals'
import pg from 'pg'
import { postgres } from '../../../src/database/postgres/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { databaseSuite } from './database-suite.ts'
import { describePostgres } from './postgres-server.ts'

const logger = consoleLogger('silent')

describePostgres('postgres with a url', (server) => {
  const adapter = postgres({ url: server.url, max: 4 })
  databaseSuite({
    name: 'postgres',
    open: (schema) => adapter.open({ schema: server.schema(schema), logger }),
  })
})

describePostgres('postgres with the pool of the application', (server) => {
  // Without pipelining, as every version of pg before 8.21 is.
  const pool = new pg.Pool({ connectionString: server.url, max: 8 })
  // The suite opens it twenty times over.
  pool.setMaxListeners(0)
  afterAll(() => pool.end())
  const adapter = postgres({ pool })
  databaseSuite({
    name: 'postgres',
    open: (schema) => adapter.open({ schema: server.schema(schema), logger }),
  })
})
