import { DatabaseFailedError } from '../../errors/database-errors.ts'
import type { Database, DatabaseAdapter, DatabaseOpenOptions } from '../database.ts'
import { PostgresDatabase } from './postgres-database.ts'
import { SessionPool, type PostgresOptions } from './session-pool.ts'

/**
 * State in PostgreSQL 12 or later.
 *
 * @example
 * ```ts
 * new Streams(topology, { database: postgres({ url: 'postgres://localhost/shop' }), … })
 * new Streams(topology, { database: postgres({ pool }), … }) // yours: you close it
 * ```
 */
export function postgres(options: PostgresOptions): DatabaseAdapter {
  return { name: 'postgres', open: (openOptions) => open(options, openOptions) }
}

async function open(
  options: PostgresOptions,
  { schema, logger }: DatabaseOpenOptions,
): Promise<Database> {
  const pool = new SessionPool(options, logger)
  try {
    await pool.use(async (session) =>
      checkSettings((await session.send(READ_SETTINGS)).rows[0] ?? []),
    )
    return new PostgresDatabase(pool, schema)
  } catch (error) {
    await pool.close()
    throw error
  }
}

/** The settings on which the text form of values depends. */
const READ_SETTINGS = {
  text: `select current_setting('DateStyle'), current_setting('bytea_output'), current_setting('extra_float_digits')::int > 0`,
}

function checkSettings([dateStyle, byteaOutput, hasExactDoubles]: readonly (
  string | null
)[]): void {
  if (!dateStyle?.startsWith('ISO')) throw settingError('DateStyle', dateStyle, 'ISO')
  if (byteaOutput !== 'hex') throw settingError('bytea_output', byteaOutput, 'hex')
  if (hasExactDoubles !== 't') throw settingError('extra_float_digits', 'less', 'at least 1')
}

function settingError(
  name: string,
  found: string | null | undefined,
  expected: string,
): DatabaseFailedError {
  return new DatabaseFailedError(`its setting ${name} is ${found}, it has to be ${expected}`)
}
