import { round } from '../lab/statistics.mjs'
import { print } from '../measure/columns.mjs'
import { describeRun } from '../measure/description.mjs'
import { createSides } from '../sides/sides.mjs'
import { oneThread } from '../sides/one-thread.mjs'
import { HEARTBEAT_INTERVAL_MS, measureTakeovers, SESSION_TIMEOUT_MS } from './succession.mjs'
import { printRatios, ratiosOf } from './ratios.mjs'
import { summarise } from './summary.mjs'

/** @typedef {import('./summary.mjs').SizeResult} SizeResult */

const SIZES = [0, 200_000, 2_000_000]
const SMALL_SIZES = [0, 2_000]
/** Hand-overs a round. */
const GRACEFUL_A_ROUND = 8
/** Each takes a session, or in Kafka Streams as long as making the state again. */
const SLOW_MAX = 3

const TIMING = { sessionTimeoutMs: SESSION_TIMEOUT_MS, heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS }

/**
 * How long nobody processes a partition whose owner closes or is killed, by the size of its state, beside Kafka Streams.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchTakeover(lab, settings) {
  const streamsOptions = { ...TIMING, ...settings.streamsOptions }
  const program = /** @type {const} */ ({ topology: 'takeover', javaClass: 'Takeover' })
  const sides = createSides(lab, { ...oneThread(settings), streamsOptions }, program)
  /** @type {SizeResult[]} */
  const results = []
  for (const keys of settings.isSmall ? SMALL_SIZES : SIZES)
    for (const side of [...sides.ours, ...sides.theirs]) {
      const plan = { keys, ...planOf(settings, sides.ours.includes(side)) }
      results.push(await measureSize(lab, side, plan))
    }
  const ratios = ratiosOf(results, sides)
  printResults(results)
  printRatios(ratios)
  return { bench: 'takeover', ...describeRun(lab, settings), ...TIMING, results, ratios }
}

/**
 * @param {import('../arguments.mjs').Settings} settings
 * @param {boolean} isOurs
 */
function planOf({ rounds, isSmall }, isOurs) {
  const slow = Math.min(rounds, SLOW_MAX)
  const graceful = isSmall ? 2 : GRACEFUL_A_ROUND * rounds
  return { graceful: isOurs ? graceful : slow, kills: slow }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../sides/sides.mjs').Side} side
 * @param {import('./succession.mjs').Plan} plan
 */
async function measureSize(lab, side, plan) {
  await lab.settle()
  const result = summarise(side.name, plan.keys, await measureTakeovers(lab, side, plan))
  console.log(`${plan.keys.toLocaleString('en')} keys: ${side.name}: ${describe(result)}`)
  return result
}

/** @param {SizeResult} result */
function describe({ graceful, kills }) {
  return `closed: p50 ${graceful.p50} ms, p99 ${graceful.p99} ms; killed: p50 ${kills.p50} ms`
}

/** @param {readonly SizeResult[]} results */
function printResults(results) {
  print(
    [
      ...['ms without an owner', 'keys', 'closed', 'min', 'p50', 'p99', 'max'],
      ...['killed', 'p50', 'max', `p50 beyond the session of ${SESSION_TIMEOUT_MS}`],
      'restored, least',
    ],
    results.map(({ side, keys, graceful, kills, restoredMin }) => [
      ...[side, keys, graceful.all.length],
      ...[graceful.min, graceful.p50, graceful.p99, graceful.max],
      ...[kills.all.length, kills.p50, kills.max, round(kills.p50 - SESSION_TIMEOUT_MS)],
      restoredMin,
    ]),
  )
}
