import { describe } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { catalogueSuite } from './catalogue-suite.ts'
import { keepersSuite } from './keepers-suite.ts'
import { migrationSuite } from './migration-suite.ts'
import { rowKindsSuite } from './row-kinds-suite.ts'

const adapter = memory()
let schemas = 0
const open = (schema: string) => adapter.open({ schema, logger: consoleLogger('silent') })

describe('a start on memory', () => catalogueSuite(open))
describe('a migration on memory', () => migrationSuite(open))
const fresh = () => ({ adapter, schema: `application_${schemas++}` })
describe('rows on memory', () => rowKindsSuite(fresh))
describe('what is kept on memory', () => keepersSuite(fresh))
