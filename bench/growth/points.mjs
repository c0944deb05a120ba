/**
 * One point of a curve: a word count, or a topology without state, of another size.
 *
 * @typedef {object} Point
 * @property {string} curve
 * @property {number} at
 * @property {number} [distinct] Words, each as frequent as any other.
 * @property {number} [partitions]
 * @property {number} [wordsALine]
 * @property {number} [valueBytes] Of records that pass through.
 * @property {number} [processes]
 * @property {number} records In the input.
 */

const WORDS = 1_500_000
const WORDS_A_LINE = 5
/** A word of six letters and a blank. */
const WORD_BYTES = 7
/** Of all records that pass through. */
const PASSED_BYTES = 100_000_000
const PASSED_RECORDS_MAX = 400_000

/**
 * @param {boolean} isSmall
 * @returns {Point[]}
 */
export function createPoints(isSmall) {
  const points = [...byKeys(), ...byPartitions(), ...bySize(), ...byPassedSize(), ...byProcesses()]
  return isSmall ? ends(points).map(shrink) : points
}

/** @returns {Point[]} As many words as there are keys at least, so that most keys come. */
function byKeys() {
  return [10_000, 100_000, 1_000_000, 10_000_000].map((distinct) => ({
    ...{ curve: 'distinct keys', at: distinct, distinct },
    records: Math.max(WORDS, distinct) / WORDS_A_LINE,
  }))
}

/** @returns {Point[]} */
function byPartitions() {
  return [4, 16, 64].map((partitions) => ({
    ...{ curve: 'partitions', at: partitions, partitions, records: WORDS / WORDS_A_LINE },
  }))
}

/** @returns {Point[]} The same number of words in lines of other lengths. */
function bySize() {
  return [20, 200, 2_000, 20_000].map((size) => {
    const wordsALine = Math.round((size + 1) / WORD_BYTES)
    const records = Math.round(WORDS / wordsALine)
    return { curve: 'bytes of a line', at: size, wordsALine, records }
  })
}

/** @returns {Point[]} */
function byPassedSize() {
  return [20, 200, 2_000, 20_000].map((valueBytes) => {
    const records = Math.min(PASSED_RECORDS_MAX, PASSED_BYTES / valueBytes)
    return { curve: 'bytes of a record that passes', at: valueBytes, valueBytes, records }
  })
}

/** @returns {Point[]} */
function byProcesses() {
  return [1, 2, 4].map((processes) => ({
    ...{ curve: 'processes', at: processes, processes, records: (2 * WORDS) / WORDS_A_LINE },
  }))
}

/**
 * The first and the last point of each curve.
 *
 * @param {readonly Point[]} points
 */
function ends(points) {
  return points.filter(
    ({ curve }, index) => points[index - 1]?.curve !== curve || points[index + 1]?.curve !== curve,
  )
}

/** @param {Point} point @returns {Point} */
function shrink(point) {
  return {
    ...{ ...point, records: Math.min(Math.ceil(point.records / 100), 10_000) },
    ...(point.distinct && { distinct: Math.min(point.distinct, 100_000) }),
  }
}
