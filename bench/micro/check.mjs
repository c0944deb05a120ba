import { round } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'
import { time } from './sample.mjs'
import { storedRatios } from './stored-ratios.mjs'

/** @typedef {import('./micro.mjs').Micro} Micro */

/** A piece may be so much slower than it was, beside the calibration. */
const REGRESSION_MAX = 1.2
/** Noise goes away when one looks again, a regression does not. */
const ATTEMPTS = 4

/**
 * Compares pieces with their stored ratios; the process fails when one has become slower.
 *
 * @param {readonly Micro[]} all
 */
export function check(all) {
  const stored = storedRatios()
  if (!stored) throw new Error(`bench/results/micro.json has no ratios for ${process.version}`)
  const rows = all.map((micro) => compare(micro, stored.get(micro.name)))
  console.log(
    `\n${table(
      [`times the calibration, Node.js ${process.versions.node}`, 'stored', 'now', 'now / stored'],
      rows.map(({ name, before, now, change }) => [name, round(before), round(now), round(change)]),
    )}`,
  )
  const slower = rows.filter(({ change }) => !(change <= REGRESSION_MAX))
  for (const { name, change } of slower)
    console.error(`check: '${name}' takes ${round(change)} times as long as it did`)
  if (slower.length > 0) process.exitCode = 1
}

/**
 * The best of several looks, as many as it takes.
 *
 * @param {Micro} micro
 */
function compare(micro, before = NaN) {
  let now = time(micro).ratio
  for (let attempt = 1; attempt < ATTEMPTS && now / before > REGRESSION_MAX; attempt++)
    now = Math.min(now, time(micro).ratio)
  return { name: micro.name, before, now, change: now / before }
}
