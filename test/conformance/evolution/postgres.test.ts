import { describe } from '@jest/globals'
import { postgres } from '../../../src/database/postgres/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { describePostgres } from '../database/postgres-server.ts'
import { catalogueSuite } from './catalogue-suite.ts'
import { migrationSuite } from './migration-suite.ts'

describePostgres('a start on postgres', (server) => {
  const adapter = postgres({ url: server.url, max: 4 })
  const open = (schema: string) =>
    adapter.open({ schema: server.schema(schema), logger: consoleLogger('silent') })
  describe('finds a catalogue and', () => catalogueSuite(open))
  describe('migrates', () => migrationSuite(open))
})
