import { round } from '../lab/statistics.mjs'
import { print } from '../measure/columns.mjs'

/** @typedef {import('./summary.mjs').SizeResult} SizeResult */

/**
 * @typedef {object} Ratios
 * @property {Ratio[]} bySize The largest state beside none, of each side.
 * @property {Ratio[]} bySide Kafka Streams beside each side of rowstream, at each size: above 1, rowstream is faster.
 *
 * @typedef {object} Ratio Of p50, and of p99 where owners were closed.
 * @property {string} what
 * @property {number} closed
 * @property {number} closedP99
 * @property {number} killed
 */

/**
 * @param {readonly SizeResult[]} results
 * @param {{ ours: readonly { name: string }[], theirs: readonly { name: string }[] }} sides
 * @returns {Ratios}
 */
export function ratiosOf(results, { ours, theirs }) {
  const sizes = [...new Set(results.map(({ keys }) => keys))]
  const [smallest = 0, largest = 0] = [sizes.at(0), sizes.at(-1)]
  /** @param {string} side @param {number} keys */
  const of = (side, keys) =>
    /** @type {SizeResult} */ (results.find((one) => one.side === side && one.keys === keys))
  return {
    bySize: [...ours, ...theirs].map(({ name }) =>
      ratio(
        `${name}: ${largest.toLocaleString('en')} : ${smallest} keys`,
        of(name, largest),
        of(name, smallest),
      ),
    ),
    bySide: sizes.flatMap((keys) =>
      theirs.flatMap((to) =>
        ours.map(({ name }) =>
          ratio(
            `${to.name} : ${name}, ${keys.toLocaleString('en')} keys`,
            of(to.name, keys),
            of(name, keys),
          ),
        ),
      ),
    ),
  }
}

/**
 * @param {string} what
 * @param {SizeResult} a
 * @param {SizeResult} b
 * @returns {Ratio}
 */
function ratio(what, a, b) {
  return {
    what,
    closed: round(a.graceful.p50 / b.graceful.p50),
    closedP99: round(a.graceful.p99 / b.graceful.p99),
    killed: round(a.kills.p50 / b.kills.p50),
  }
}

/** @param {Ratios} ratios */
export function printRatios({ bySize, bySide }) {
  print(
    ['ratio', 'closed, p50', 'closed, p99', 'killed, p50'],
    [...bySize, ...bySide].map(({ what, closed, closedP99, killed }) => [
      ...[what, closed, closedP99, killed],
    ]),
  )
}
