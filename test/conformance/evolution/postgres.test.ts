import { describe } from '@jest/globals'
import { postgres } from '../../../src/database/postgres/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { describePostgres } from '../database/postgres-server.ts'
import { catalogueSuite } from './catalogue-suite.ts'
import { keepersSuite } from './keepers-suite.ts'
import { migrationSuite } from './migration-suite.ts'
import { rowKindsSuite } from './row-kinds-suite.ts'

describePostgres('a start on postgres', (server) => {
  const adapter = postgres({ url: server.url, max: 4 })
  const open = (schema: string) =>
    adapter.open({ schema: server.schema(schema), logger: consoleLogger('silent') })
  describe('finds a catalogue and', () => catalogueSuite(open))
  describe('migrates', () => migrationSuite(open))
  let schemas = 0
  const fresh = () => ({ adapter, schema: server.schema(`application_${schemas++}`) })
  describe('migrates the rows of', () => rowKindsSuite(fresh))
  describe('compares who has', () => keepersSuite(fresh))
})
