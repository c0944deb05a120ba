import { partitionOf } from '../../dist/model/murmur2.js'
import { WORDS } from './data.mjs'

const keys = WORDS.map((word) => Buffer.from(word))

/** @type {import('./pieces.mjs').Micro} */
export const murmur2 = {
  name: 'partition of a key (murmur2)',
  operations: keys.length,
  run: () => {
    let sum = 0
    for (const key of keys) sum += partitionOf(key, 12)
    return sum
  },
}
