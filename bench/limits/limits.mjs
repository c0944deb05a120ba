import { spread } from '../lab/statistics.mjs'
import { print } from '../measure/columns.mjs'
import { describeRun } from '../measure/description.mjs'
import { alternate } from '../measure/rounds.mjs'
import { produceLines } from '../measure/work.mjs'
import { DISTINCT_WORDS } from '../wordcount/wordcount.mjs'
import { createLimits } from './measure-limits.mjs'

/** Where the number of rows of a transaction does not matter any more. */
const ROWS = [5_000, 10_000, 20_000]
/** Of one measurement. */
const SECONDS = 4

/**
 * What rowstream's parts can do alone: consuming and producing by each client, upserting.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchLimits(lab, settings) {
  const { clients, lines, rounds, isSmall } = settings
  const work = await produceLines(lab, { lines, distinct: DISTINCT_WORDS })
  const seconds = isSmall ? 0.5 : SECONDS
  const limits = createLimits(lab, { clients, work, seconds, rows: ROWS })
  const measured = await alternate(
    limits,
    rounds,
    ({ measure }) => measure(),
    (rates) => Object.entries(rates).map(describeRate).join(', '),
  )
  const sides = Object.fromEntries([...measured].flatMap(([name, some]) => rows(name, some)))
  print(
    ['a second', 'min', 'median', 'max'],
    Object.entries(sides).map(([name, { min, median, max }]) => [name, min, median, max]),
  )
  return { bench: 'limits', ...describeRun(lab, settings, work), sides }
}

/** @param {[string, number]} rate */
function describeRate([what, perSecond]) {
  return `${what} ${perSecond.toLocaleString('en')}/s`
}

/**
 * @param {string} name
 * @param {readonly Record<string, number>[]} measured
 * @returns {[string, import('../lab/statistics.mjs').Spread][]}
 */
function rows(name, measured) {
  return Object.keys(measured[0] ?? {}).map((what) => [
    name.startsWith(what) ? name : what,
    spread(measured.map((rates) => rates[what] ?? NaN)),
  ])
}
