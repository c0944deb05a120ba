import { describe } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { catalogueSuite } from './catalogue-suite.ts'
import { migrationSuite } from './migration-suite.ts'

const adapter = memory()
const open = (schema: string) => adapter.open({ schema, logger: consoleLogger('silent') })

describe('a start on memory', () => catalogueSuite(open))
describe('a migration on memory', () => migrationSuite(open))
