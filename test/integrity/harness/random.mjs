/**
 * Numbers in [0, 1) that are the same for the same seed (mulberry32).
 *
 * @typedef {() => number} Random
 *
 * @param {number} seed
 * @returns {Random}
 */
export function seededRandom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * @template T
 * @param {Random} random
 * @param {readonly T[]} choices At least one.
 * @returns {T}
 */
export function pick(random, choices) {
  const choice = choices[Math.floor(random() * choices.length)]
  if (choice === undefined) throw new RangeError('nothing to pick from')
  return choice
}

/**
 * A whole number from `least` to `most`, both included.
 *
 * @param {Random} random @param {number} least @param {number} most
 */
export function between(random, least, most) {
  return least + Math.floor(random() * (most - least + 1))
}
