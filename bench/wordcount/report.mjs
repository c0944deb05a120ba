import { round, spread } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'

/** @typedef {import('./wordcount.mjs').Measured} Measured */
/** @typedef {import('./sides.mjs').Side} Side */
/** @typedef {import('../lab/statistics.mjs').Spread} Spread */

/**
 * @typedef {object} SideResult
 * @property {Spread} linesPerSecond
 * @property {Spread} startSeconds
 * @property {Record<keyof import('./throughput.mjs').Cost, number>} cost Medians.
 * @property {Record<keyof import('./latency.mjs').Latency, Spread>} [latency]
 *
 * @typedef {object} Ratio
 * @property {string} side
 * @property {string} to
 * @property {number} throughput Of medians: above 1, the side is faster.
 * @property {readonly number[]} throughputRounds
 * @property {number} [p50] Of medians: below 1, the side is faster.
 * @property {number} [p99]
 *
 * @typedef {object} Summary
 * @property {Record<string, SideResult>} sides
 * @property {Ratio[]} ratios
 */

/**
 * @param {ReadonlyMap<string, Measured>} measured
 * @param {{ ours: Side[], theirs: Side[] }} sides
 * @returns {Summary}
 */
export function summarise(measured, { ours, theirs }) {
  const sides = Object.fromEntries([...measured].map(([name, some]) => [name, summariseSide(some)]))
  const ratios = ours.flatMap((side) => theirs.map((to) => ratio(sides, side.name, to.name)))
  return { sides, ratios }
}

/**
 * @param {Measured} measured
 * @returns {SideResult}
 */
function summariseSide({ throughput, latency }) {
  return {
    linesPerSecond: spread(throughput.map(({ linesPerSecond }) => linesPerSecond)),
    startSeconds: spread(throughput.map(({ startSeconds }) => startSeconds)),
    cost: mapValues(columns(throughput.map(({ cost }) => cost)), ({ median }) => median),
    ...(latency.length > 0 && { latency: columns(latency) }),
  }
}

/**
 * @template {Record<keyof T, number>} T
 * @param {readonly T[]} rows
 * @returns {Record<keyof T, Spread>}
 */
function columns(rows) {
  const names = /** @type {(keyof T)[]} */ (Object.keys(rows[0] ?? {}))
  const entries = names.map((name) => [name, spread(rows.map((row) => row[name]))])
  /** @type {Record<keyof T, Spread>} */
  const record = Object.fromEntries(entries)
  return record
}

/**
 * @template {string} K
 * @template V, W
 * @param {Record<K, V>} record
 * @param {(value: V) => W} change
 * @returns {Record<K, W>}
 */
function mapValues(record, change) {
  const entries = /** @type {[K, V][]} */ (Object.entries(record))
  return /** @type {Record<K, W>} */ (
    Object.fromEntries(entries.map(([key, value]) => [key, change(value)]))
  )
}

/**
 * @param {Record<string, SideResult>} sides
 * @param {string} side
 * @param {string} to
 * @returns {Ratio}
 */
function ratio(sides, side, to) {
  const [a, b] = /** @type {[SideResult, SideResult]} */ ([sides[side], sides[to]])
  const latency = a.latency &&
    b.latency && {
      p50: round(a.latency.p50.median / b.latency.p50.median),
      p99: round(a.latency.p99.median / b.latency.p99.median),
    }
  return {
    ...{ side, to },
    throughput: round(a.linesPerSecond.median / b.linesPerSecond.median),
    throughputRounds: a.linesPerSecond.rounds.map((rate, index) =>
      round(rate / (b.linesPerSecond.rounds[index] ?? NaN)),
    ),
    ...latency,
  }
}

/** @param {Summary} summary */
export function printReport({ sides, ratios }) {
  const rows = Object.entries(sides)
  print(
    ['lines/s', 'min', 'median', 'max', 'start s'],
    rows.map(
      ([
        name,
        {
          linesPerSecond: { min, median, max },
          startSeconds,
        },
      ]) => [...[name, min, median, max, startSeconds.median]],
    ),
  )
  printCost(rows)
  printLatency(rows)
  if (ratios.length === 0) return
  print(
    ['ratio of medians', 'lines/s', 'by round', 'p50', 'p99'],
    ratios.map(({ side, to, throughput, throughputRounds, p50, p99 }) => [
      ...[`${side} : ${to}`, throughput, throughputRounds.join(' '), p50 ?? '', p99 ?? ''],
    ]),
  )
}

/** @param {readonly [string, SideResult][]} rows */
function printCost(rows) {
  print(
    [
      'cost, medians',
      'app cpu s',
      'broker',
      'database',
      'app MB',
      'WAL MB',
      'repartition',
      'output',
      'transactions',
    ],
    rows.map(([name, { cost }]) => [
      ...[name, cost.appSeconds, cost.brokerSeconds, cost.databaseSeconds, cost.memoryMb],
      ...[cost.walMb, cost.repartitionRecords, cost.outputRecords, cost.transactions],
    ]),
  )
}

/** @param {readonly [string, SideResult][]} rows */
function printLatency(rows) {
  const cells = rows.flatMap(([name, { latency }]) => (latency ? [latencyRow(name, latency)] : []))
  const head = ['ms at 1,000 lines/s', 'p50', 'p50 of rounds', 'p99', 'p99 of rounds', 'max']
  if (cells.length > 0) print([...head, 'app cores', 'broker', 'database', 'transactions/s'], cells)
}

/**
 * @param {string} name
 * @param {NonNullable<SideResult['latency']>} latency
 */
function latencyRow(name, { p50, p99, max, ...cost }) {
  return [
    ...[name, p50.median, p50.rounds.join(' '), p99.median, p99.rounds.join(' '), max.max],
    ...[cost.appCores, cost.brokerCores, cost.databaseCores].map(({ median }) => median),
    cost.transactionsPerSecond.median,
  ]
}

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 */
function print(head, rows) {
  console.log(`\n${table(head, rows)}`)
}
