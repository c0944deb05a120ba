import { round } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'
import { timeInThread } from './pass.mjs'
import { ratiosOf, storedRatios } from './stored-ratios.mjs'

/** @typedef {import('./stored-ratios.mjs').Result} Result */

/** A piece may be so much slower than it was, beside the calibration. */
const REGRESSION_MAX = 1.2
/** Noise goes away when one looks again, a regression does not. */
const PASSES = 8

/**
 * Compares pieces with their stored ratios; the process fails when one has become slower.
 *
 * @param {readonly string[]} names
 */
export async function check(names) {
  const stored = storedRatios()
  if (!stored) throw new Error(`bench/results/micro.json has no ratios for ${process.version}`)
  const ratios = await lookAtAll(names, stored)
  const rows = names.map((name) => {
    const [before, now] = [stored.get(name) ?? NaN, ratios.get(name) ?? NaN]
    return { name, before, now, change: now / before }
  })
  const head = [
    `times the calibration, Node.js ${process.versions.node}`,
    'stored',
    'now',
    'change',
  ]
  const cells = rows.map(({ name, ...row }) => [name, row.before, row.now, row.change])
  console.log(`\n${table(head, cells)}`)
  for (const { name, change } of rows.filter((row) => !(row.change <= REGRESSION_MAX))) {
    console.error(`check: '${name}' takes ${round(change)} times as long as it did`)
    process.exitCode = 1
  }
}

/**
 * The best ratio of each: after the first pass, only those that seem slower are looked at again. The calibration is
 * that of all passes: one in which it was held up would hide that a piece has become slower.
 *
 * @param {readonly string[]} names
 * @param {ReadonlyMap<string, number>} stored
 */
async function lookAtAll(names, stored) {
  /** @type {Result[]} */
  const seen = []
  let ratios = ratiosOf(seen)
  let suspects = names
  for (let pass = 0; pass < PASSES && suspects.length > 0; pass++) {
    seen.push(...(await timeInThread(suspects)))
    ratios = ratiosOf(seen)
    suspects = names.filter(
      (name) => !((ratios.get(name) ?? NaN) / (stored.get(name) ?? NaN) <= REGRESSION_MAX),
    )
  }
  return ratios
}
