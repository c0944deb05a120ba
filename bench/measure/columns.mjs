import { spread } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'

/** @typedef {import('../lab/statistics.mjs').Spread} Spread */

/**
 * The spread of every number over several rows.
 *
 * @template {Record<keyof T, number>} T
 * @param {readonly T[]} rows
 * @returns {Record<keyof T, Spread>}
 */
export function columns(rows) {
  const names = /** @type {(keyof T)[]} */ (Object.keys(rows[0] ?? {}))
  const entries = names.map((name) => [name, spread(rows.map((row) => row[name]))])
  /** @type {Record<keyof T, Spread>} */
  const record = Object.fromEntries(entries)
  return record
}

/**
 * @template {string} K
 * @template V, W
 * @param {Record<K, V>} record
 * @param {(value: V) => W} change
 * @returns {Record<K, W>}
 */
export function mapValues(record, change) {
  const entries = /** @type {[K, V][]} */ (Object.entries(record))
  return /** @type {Record<K, W>} */ (
    Object.fromEntries(entries.map(([key, value]) => [key, change(value)]))
  )
}

/** @type {string[]} What was printed since it was taken last. */
let printed = []

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
export function print(head, rows) {
  const text = table(head, rows)
  printed.push(text)
  console.log(`\n${text}`)
}

/** The tables that were printed since the last call: they are stored beside the results. */
export function takePrinted() {
  const tables = printed
  printed = []
  return tables
}
