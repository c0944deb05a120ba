import type { TableToMigrate } from '../../database.ts'
import { shorten } from '../identifiers.ts'
import type { PostgresTransaction } from '../postgres-transaction.ts'
import { missingStatements } from './ddl.ts'
import { readExistingTables } from './existing-tables.ts'

/**
 * A new child costs about four locks (table, key, TOAST and its index) until the transaction ends, and the server has
 * room for 6,400 unless configured otherwise (`max_locks_per_transaction` × `max_connections`).
 */
export const MAX_STATEMENTS = 500

/**
 * Makes what is missing under the lock of the schema and answers whether that was all: beyond {@link MAX_STATEMENTS} the
 * caller commits and asks again.
 */
export async function makeWhatIsMissing(
  transaction: PostgresTransaction,
  schema: string,
  tables: readonly TableToMigrate[],
): Promise<boolean> {
  const stored = shorten(schema)
  await lockSchema(transaction, stored)
  // A statement of its own, since its snapshot has to be younger than the lock.
  const existing = await readExistingTables(transaction, stored)
  const statements = missingStatements(schema, existing, tables)
  for (const text of statements.slice(0, MAX_STATEMENTS)) {
    await transaction.run(schema, () => ({ text, values: [], table: schema }))
  }
  return statements.length <= MAX_STATEMENTS
}

/** One change of tables at a time, until the transaction ends. */
export async function lockSchema(transaction: PostgresTransaction, schema: string): Promise<void> {
  await transaction.run(schema, () => ({ text: LOCK, values: [schema], table: schema }))
}

/** The first key says whose lock it is, so that an application with advisory locks of its own is not in our way. */
const LOCK = `select pg_advisory_xact_lock(hashtext('rowstream'), hashtext($1))`
