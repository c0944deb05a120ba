import { setTimeout as sleep } from 'node:timers/promises'

/** A session tells its statistics at its end. A guess how long that takes at most. */
const SESSIONS_TIMEOUT_MS = 2_000
const POLL_MS = 20

/**
 * Rows that were inserted or updated in the tables of a schema which are not rowstream's own.
 *
 * @param {import('pg').Client} client
 * @param {string} schema
 * @returns {Promise<number>}
 */
export async function rowsWritten(client, schema) {
  const until = Date.now() + SESSIONS_TIMEOUT_MS
  while ((await otherSessions(client)) > 0 && Date.now() < until) await sleep(POLL_MS)
  return number(
    client,
    `select coalesce(sum(n_tup_ins + n_tup_upd), 0) as value from pg_stat_all_tables
     where schemaname = $1 and relname not like 'rowstream\\_%'`,
    [schema],
  )
}

/** @param {import('pg').Client} client */
function otherSessions(client) {
  return number(
    client,
    `select count(*) as value from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid()`,
  )
}

/**
 * @param {import('pg').Client} client
 * @param {string} text
 * @param {string[]} [parameters]
 */
async function number(client, text, parameters) {
  const { rows } = await client.query(text, parameters)
  const [{ value }] = /** @type {[{ value: string }]} */ (rows)
  return Number(value)
}
