import { serdes } from 'rowstream'
import { storeTable } from '../../dist/stores/store-table.js'

/** The table of a store that counts by a text. */
const TABLE = storeTable({
  kind: 'key-value',
  name: 'counts',
  key: serdes.string,
  value: serdes.int64,
})

/** Without a common factor with it, so that keys come in no order and not twice. */
const KEYS = 10_000_000
const STRIDE = 7_919

/**
 * Upserts rows in transactions that follow one another: first of keys that are new, then of the same keys.
 *
 * @param {import('rowstream').Database} database
 * @param {import('./limit-app.mjs').Job} job
 * @returns {Promise<Record<string, import('./limit-app.mjs').Bare>>}
 */
export async function upsert(database, { partitions, seconds, rows }) {
  await database.migrate([{ table: TABLE, partitions }], async () => undefined)
  /** @param {number} from */
  const transact = (from) =>
    database.transaction(async (transaction) => {
      const statements = byPartition(from, rows, partitions)
      await Promise.all(statements.map((some) => transaction.upsertMany(TABLE, some)))
    })
  const inserted = await repeat(seconds, rows, transact)
  const updated = await repeat(seconds, rows, (from) => transact(from % inserted.count))
  return { [`insert ${rows}`]: inserted, [`update ${rows}`]: updated }
}

/**
 * @param {number} seconds
 * @param {number} rows
 * @param {(from: number) => Promise<void>} transact
 */
async function repeat(seconds, rows, transact) {
  const startedAt = performance.now()
  let count = 0
  do {
    await transact(count)
    count += rows
  } while (performance.now() - startedAt < 1000 * seconds)
  return { count, seconds: (performance.now() - startedAt) / 1000 }
}

/**
 * @param {number} from
 * @param {number} count
 * @param {number} partitions
 * @returns {import('../../dist/database/table.js').Row[][]}
 */
function byPartition(from, count, partitions) {
  const now = Date.now()
  return Array.from({ length: partitions }, (_, partition) => {
    const own = Math.floor((count - partition - 1) / partitions) + 1
    return Array.from({ length: own }, (_ignored, index) => {
      const key = ((from + index * partitions + partition) * STRIDE) % KEYS
      return [partition, key.toString(26).padStart(6, 'w'), BigInt(from + 1), now]
    })
  })
}
