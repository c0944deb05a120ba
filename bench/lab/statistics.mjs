/**
 * @typedef {object} Spread
 * @property {number} min
 * @property {number} median
 * @property {number} max
 * @property {readonly number[]} rounds As measured, in order.
 */

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return {
    min: sorted[0] ?? NaN,
    median: median(sorted),
    max: sorted.at(-1) ?? NaN,
    rounds: values,
  }
}

/** @param {readonly number[]} sorted */
function median(sorted) {
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper
}

/** @param {number} value */
export function round(value, digits = 2) {
  return Number(value.toFixed(digits))
}
