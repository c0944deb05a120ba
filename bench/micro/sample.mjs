import { spread } from '../lab/statistics.mjs'
import { calibration } from './calibration.mjs'

/** @typedef {import('./pieces.mjs').Micro} Micro */

/** So long until the compiler has done what it will. A guess. */
const WARM_UP_MS = 500
const SAMPLES = 40
/** Long enough for a few collections of garbage, short enough that some samples are not interrupted. */
const SAMPLE_MS = 20

/**
 * @typedef {object} Timing
 * @property {import('../lab/statistics.mjs').Spread} ns Of an operation.
 * @property {number} ratio To an operation of the calibration, which is measured in turn: the best of both, because noise only adds.
 */

/**
 * @param {Micro} micro
 * @returns {Timing}
 */
export function time(micro) {
  sample(calibration, WARM_UP_MS)
  sample(micro, WARM_UP_MS)
  return summarise(Array.from({ length: SAMPLES }, () => pair(micro, SAMPLE_MS)))
}

/**
 * To see that it works.
 *
 * @param {Micro} micro
 * @returns {Timing}
 */
export function once(micro) {
  return summarise([pair(micro, 0)])
}

/**
 * @param {Micro} micro
 * @param {number} forMs
 */
function pair(micro, forMs) {
  const unit = sample(calibration, forMs)
  return { ns: sample(micro, forMs), unit }
}

/** @param {readonly { ns: number, unit: number }[]} pairs */
function summarise(pairs) {
  const ns = spread(pairs.map((pair) => pair.ns))
  return { ns, ratio: ns.min / spread(pairs.map(({ unit }) => unit)).min }
}

/**
 * @param {Micro} micro
 * @param {number} forMs
 * @returns {number} Nanoseconds an operation.
 */
function sample({ run, operations }, forMs) {
  const startedAt = performance.now()
  let runs = 0
  let checksum = 0
  do {
    checksum += run()
    runs++
  } while (performance.now() - startedAt < forMs)
  if (Number.isNaN(checksum)) throw new TypeError('a bench has to answer a number')
  return ((performance.now() - startedAt) * 1e6) / (runs * operations)
}
