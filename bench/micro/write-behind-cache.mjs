import { WriteBehindCache } from '../../dist/stores/write-behind-cache.js'
import { WORDS } from './data.mjs'

const WINDOW = 4_096
const BYTES_MAX = 64 * 1024 * 1024
/** Far less than the keys need. */
const TIGHT_BYTES_MAX = 256 * 1024
const DISTINCT = 100_000

const keys = Array.from({ length: DISTINCT }, (_, key) => `key${key}`)
const roomy = filled(BYTES_MAX)

/** @type {import('./pieces.mjs').Micro[]} */
export const writeBehindCache = [
  {
    name: 'cache: look ahead for, find and write a row that is known',
    operations: WORDS.length,
    run: () => count(roomy, WORDS),
  },
  {
    name: 'cache: write a new row, commit it and evict another',
    operations: DISTINCT,
    run: () => count(new WriteBehindCache(() => TIGHT_BYTES_MAX), keys),
  },
]

/** @param {number} bytesMax */
function filled(bytesMax) {
  /** @type {WriteBehindCache<number>} */
  const cache = new WriteBehindCache(() => bytesMax)
  count(cache, WORDS)
  return cache
}

/**
 * Counts keys as a task does: window after window, each in a unit of its own.
 *
 * @param {WriteBehindCache<number>} cache
 * @param {readonly string[]} all
 */
function count(cache, all) {
  let sum = 0
  for (let from = 0; from < all.length; from += WINDOW) {
    const window = all.slice(from, from + WINDOW)
    cache.lookAhead(window)
    for (const key of window) {
      const value = (cache.find(key)?.current?.value ?? 0) + 1
      cache.write(key, { value, timestamp: 0 })
      sum += value
    }
    cache.committed(cache.seal())
  }
  return sum
}
