/** @typedef {import('./random.mjs').Random} Random */

/** Enough for rows of all ages, few enough for rows that change all the time. */
const DISTINCT_WORDS = 5_000
const WORDS_PER_LINE = 5
/** Endings of one to four bytes a character in UTF-8: partitions and keys are made of bytes. */
const ENDINGS = ['', 'a', 'é', 'ж', '語', '𝛼']

/** @param {number} rank */
function wordOf(rank) {
  return `w${rank.toString(36)}${ENDINGS[rank % ENDINGS.length] ?? ''}`
}

/**
 * Five words, log-uniform: the word of rank r is as frequent as 1/r.
 *
 * @param {Random} random
 */
export function randomWords(random) {
  return Array.from({ length: WORDS_PER_LINE }, () =>
    wordOf(Math.floor(Math.exp(random() * Math.log(DISTINCT_WORDS)))),
  )
}
