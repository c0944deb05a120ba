import { WORDS } from './data.mjs'

/**
 * Work of a kind that rowstream does, none of it rowstream's: bytes are read, a map is asked, small objects are made. What
 * a piece takes is given as a multiple of it, which depends less on the machine than nanoseconds do.
 *
 * @type {import('./pieces.mjs').Micro}
 */
export const calibration = {
  name: 'calibration',
  operations: WORDS.length,
  run,
}

const keys = WORDS.map((word) => Buffer.from(word))

function run() {
  /** @type {Map<string, { sum: number }>} */
  const entries = new Map()
  let total = 0
  WORDS.forEach((word, index) => {
    const entry = entries.get(word) ?? { sum: 0 }
    entry.sum += sumOf(keys[index] ?? new Uint8Array())
    entries.set(word, entry)
    total += entry.sum
  })
  return total
}

/** @param {Uint8Array} bytes */
function sumOf(bytes) {
  let sum = 0
  for (let i = 0; i < bytes.length; i++) sum = (Math.imul(sum, 31) + (bytes[i] ?? 0)) | 0
  return sum
}
