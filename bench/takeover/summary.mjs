/**
 * @typedef {object} Distribution Milliseconds.
 * @property {number} min
 * @property {number} p50
 * @property {number} p99 The longest, where there are fewer than a hundred.
 * @property {number} max
 * @property {readonly number[]} all As measured, in order.
 *
 * @typedef {object} SizeResult
 * @property {string} side
 * @property {number} keys In the state.
 * @property {Distribution} graceful
 * @property {Distribution} kills
 * @property {number} restoredMin The fewest records that a successor put into its stores before its first probe.
 */

/**
 * @param {string} side
 * @param {number} keys
 * @param {import('./succession.mjs').Takeovers} takeovers
 * @returns {SizeResult}
 */
export function summarise(side, keys, { graceful, kills, restored }) {
  const restoredMin = Math.min(...restored)
  return { side, keys, graceful: distribution(graceful), kills: distribution(kills), restoredMin }
}

/**
 * @param {readonly number[]} all
 * @returns {Distribution}
 */
function distribution(all) {
  const sorted = [...all].sort((a, b) => a - b)
  /** @param {number} share */
  const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN
  return { min: at(0), p50: at(0.5), p99: at(0.99), max: at(1), all }
}
