import { setTimeout as delay } from 'node:timers/promises'

/**
 * @typedef {import('rowstream').DatabaseAdapter} DatabaseAdapter
 * @typedef {Awaited<ReturnType<DatabaseAdapter['open']>>} Database
 */

/**
 * A database of which every statement takes longer, reads, writes and COMMIT: one after the other within a transaction, side by side
 * outside.
 *
 * @param {DatabaseAdapter} adapter
 * @param {number} statementMs
 * @returns {DatabaseAdapter}
 */
export function slowDatabase(adapter, statementMs) {
  return {
    name: adapter.name,
    open: async (options) => slowed(await adapter.open(options), statementMs),
  }
}

/** @param {Database} database @param {number} statementMs @returns {Database} */
function slowed(database, statementMs) {
  return {
    getMany: async (...args) => {
      await delay(statementMs)
      return database.getMany(...args)
    },
    range: async (...args) => {
      await delay(statementMs)
      return database.range(...args)
    },
    transaction: (work, options) =>
      database.transaction(async (transaction) => {
        const inOrder = oneByOne(transaction, statementMs)
        const result = await work(inOrder)
        await delay(statementMs)
        return result
      }, options),
    migrate: (tables, then) => database.migrate(tables, then),
    dropTable: (table) => database.dropTable(table),
    close: () => database.close(),
  }
}

/**
 * Statements may be called without awaiting the one before, and run in that order all the same.
 *
 * @template {object} T @param {T} transaction @param {number} statementMs @returns {T}
 */
function oneByOne(transaction, statementMs) {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve()
  return new Proxy(transaction, {
    get: (target, name) => {
      const method = /** @type {(...args: unknown[]) => Promise<unknown>} */ (
        Reflect.get(target, name)
      ).bind(target)
      return (/** @type {unknown[]} */ ...args) => {
        const answer = last.then(() => delay(statementMs)).then(() => method(...args))
        last = answer.catch(() => undefined)
        return answer
      }
    },
  })
}
