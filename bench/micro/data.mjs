/** Records as the word count makes them: keys of six letters, log-uniform. */
export const RECORDS = 20_000
const DISTINCT = 5_000

/** The same for every run: a linear congruential generator (the constants of Numerical Recipes). */
export const WORDS = words(4_711)

/** @param {number} seed */
function words(seed) {
  let state = seed
  return Array.from({ length: RECORDS }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const rank = Math.floor(DISTINCT ** (state / 2 ** 32))
    return rank.toString(26).padStart(6, 'w')
  })
}
