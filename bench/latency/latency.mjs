import { round } from '../lab/statistics.mjs'
import { columns, print } from '../measure/columns.mjs'
import { describeRun } from '../measure/description.mjs'
import { allPairs } from '../measure/report.mjs'
import { alternate } from '../measure/rounds.mjs'
import { createSides } from '../sides/sides.mjs'
import { WORD_COUNT } from '../wordcount/wordcount.mjs'
import { measureLatency } from './probe.mjs'

/**
 * @typedef {Record<keyof import('./probe.mjs').Latency, import('../lab/statistics.mjs').Spread>} SideLatency
 */

/** Measured: until a broker's code is compiled, its processor is the latency: 101 ms in a first round, 41 to 45 later. */
const UNMEASURED_ROUNDS = 1

/**
 * From producing a line to reading its count, at a steady rate, beside Kafka Streams. The broker is warm, each application as
 * warm as `warmUpSeconds` make it.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchLatency(lab, settings) {
  const { rounds, latencySeconds, warmUpSeconds } = settings
  const sides = createSides(lab, settings, WORD_COUNT)
  const all = [...sides.ours, ...sides.theirs]
  /** @param {number} some */
  const run = (some) =>
    alternate(
      all,
      some,
      (side) => measureLatency(lab, side, settings),
      ({ p50, p99 }) => `p50 ${p50} ms, p99 ${p99} ms`,
    )
  if (!settings.isSmall) {
    console.log('not measured, to warm up the broker:')
    await run(UNMEASURED_ROUNDS)
  }
  const measured = await run(rounds)
  const results = Object.fromEntries([...measured].map(([name, some]) => [name, columns(some)]))
  const ratios = allPairs(sides).map(([side, to]) => ratio(results, side, to))
  printLatency(results, ratios)
  const how = { latencySeconds, warmUpSeconds }
  return { bench: 'latency', ...describeRun(lab, settings), ...how, sides: results, ratios }
}

/**
 * @param {Record<string, SideLatency>} results
 * @param {string} side
 * @param {string} to
 */
function ratio(results, side, to) {
  const [a, b] = /** @type {[SideLatency, SideLatency]} */ ([results[side], results[to]])
  return {
    ...{ side, to },
    p50: round(a.p50.median / b.p50.median),
    p99: round(a.p99.median / b.p99.median),
    appCores: round(a.appCores.median / b.appCores.median),
  }
}

/**
 * @param {Record<string, SideLatency>} results
 * @param {ReturnType<typeof ratio>[]} ratios
 */
function printLatency(results, ratios) {
  const head = ['ms at 1,000 lines/s', 'p50', 'p50 of rounds', 'p99', 'p99 of rounds', 'max']
  print(
    [...head, 'app cores', 'broker', 'database', 'transactions/s'],
    Object.entries(results).map(([name, { p50, p99, max, ...cost }]) => [
      ...[name, p50.median, p50.rounds.join(' '), p99.median, p99.rounds.join(' '), max.max],
      ...[cost.appCores, cost.brokerCores, cost.databaseCores].map(({ median }) => median),
      cost.transactionsPerSecond.median,
    ]),
  )
  if (ratios.length === 0) return
  print(
    ['ratio of medians', 'p50', 'p99', 'app cores'],
    ratios.map(({ side, to, p50, p99, appCores }) => [`${side} : ${to}`, p50, p99, appCores]),
  )
}
