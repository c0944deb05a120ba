import { round } from '../lab/statistics.mjs'
import { print } from '../measure/columns.mjs'
import { createLimits } from './measure-limits.mjs'

/** @typedef {import('../measure/throughput.mjs').Throughput} Throughput */
/** @typedef {import('../measure/work.mjs').Work} Work */

/** A transaction of rows for which the limit holds. */
const ROWS = 10_000
/** Of one measurement. */
const SECONDS = 4

/**
 * How near a result comes to what the parts could do alone.
 *
 * @typedef {object} Shares A part: the time that it would take alone, as a share of the time that all took.
 * @property {number} consume Input and repartition records.
 * @property {number} produce Repartition and output records.
 * @property {number} upsert Rows of stores.
 * @property {number} tightest The largest of them.
 *
 * @typedef {object} Limits
 * @property {Record<string, number>} limits A second.
 * @property {Record<string, Shares>} shares By the name of the side.
 */

/**
 * Measures the limits on the same servers, prints every result as a share of them, and gives both.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {Work} work
 * @param {ReadonlyMap<string, Throughput[]>} measured
 * @param {number} [valueBytes] Of what is sent, where that is no counts.
 * @returns {Promise<Limits>}
 */
export async function compareWithLimits(lab, settings, work, measured, valueBytes) {
  const result = await measureShares(lab, settings, work, measured, valueBytes)
  printShares(result.limits, result.shares)
  return result
}

/**
 * The same, without printing.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {Pick<import('../arguments.mjs').Settings, 'clients' | 'isSmall'>} settings
 * @param {Work} work
 * @param {ReadonlyMap<string, Throughput[]>} measured
 * @param {number} [valueBytes]
 * @returns {Promise<Limits>}
 */
export async function measureShares(lab, { clients, isSmall }, work, measured, valueBytes) {
  const seconds = isSmall ? 0.5 : SECONDS
  const how = { clients, work, seconds, rows: [ROWS], ...(valueBytes && { valueBytes }) }
  const limits = await measureAll(createLimits(lab, how))
  const shares = Object.fromEntries(
    [...measured].flatMap(([name, some]) => {
      const client = clients.find((candidate) => name.includes(candidate))
      return client ? [[name, sharesOf(medianOf(some), work, limits, client)]] : []
    }),
  )
  return { limits, shares }
}

/**
 * @param {readonly import('./measure-limits.mjs').Limit[]} all
 * @returns {Promise<Record<string, number>>}
 */
async function measureAll(all) {
  /** @type {Record<string, number>} */
  const limits = {}
  for (const { name, measure } of all) {
    for (const [what, perSecond] of Object.entries(await measure()))
      limits[name.startsWith(what) ? name : what] = perSecond
  }
  return limits
}

/**
 * The result in the middle.
 *
 * @param {readonly Throughput[]} measured
 */
function medianOf(measured) {
  const sorted = measured.toSorted((a, b) => a.perSecond - b.perSecond)
  return /** @type {Throughput} */ (sorted[Math.floor(sorted.length / 2)])
}

/**
 * @param {Throughput} result
 * @param {Work} work
 * @param {Readonly<Record<string, number>>} limits
 * @param {string} client
 * @returns {Shares}
 */
export function sharesOf({ seconds, cost, distinct }, { records }, limits, client) {
  const { repartitionRecords, outputRecords, rowsWritten } = cost
  /** @param {number} count @param {string} limit */
  const share = (count, limit) => round(count / (limits[limit] ?? NaN) / seconds)
  const consume = share(records + repartitionRecords, `consume, ${client}`)
  const produce = share(repartitionRecords + outputRecords, `produce, ${client}`)
  const inserted = Math.min(distinct, rowsWritten)
  const upsert = round(
    share(inserted, `insert ${ROWS}`) + share(rowsWritten - inserted, `update ${ROWS}`),
  )
  return { consume, produce, upsert, tightest: Math.max(consume, produce, upsert) }
}

/**
 * @param {Readonly<Record<string, number>>} limits
 * @param {Readonly<Record<string, Shares>>} shares
 */
function printShares(limits, shares) {
  print(['limits', 'a second'], Object.entries(limits))
  print(
    ['time of the bare part / time taken', 'consume', 'produce', 'upsert', 'tightest'],
    Object.entries(shares).map(([name, { consume, produce, upsert, tightest }]) => [
      ...[name, consume, produce, upsert, tightest],
    ]),
  )
}
