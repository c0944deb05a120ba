import { memory } from '../../../src/database/memory/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { databaseSuite } from './database-suite.ts'

const adapter = memory()
const logger = consoleLogger('silent')

databaseSuite({ name: 'memory', open: (schema) => adapter.open({ schema, logger }) })
