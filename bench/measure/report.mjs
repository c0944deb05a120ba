import { round, spread } from '../lab/statistics.mjs'
import { columns, mapValues, print } from './columns.mjs'

/** @typedef {import('./throughput.mjs').Throughput} Throughput */
/** @typedef {import('../lab/statistics.mjs').Spread} Spread */

/**
 * @typedef {object} SideResult
 * @property {Spread} perSecond Records of the input.
 * @property {Spread} startSeconds
 * @property {Record<keyof Throughput['cost'], number>} cost Medians.
 *
 * @typedef {object} Ratio
 * @property {string} side
 * @property {string} to
 * @property {number} throughput Of medians: above 1, the side is faster.
 * @property {readonly number[]} rounds
 *
 * @typedef {object} Summary
 * @property {string} unit
 * @property {number} records Of the input.
 * @property {Record<string, SideResult>} sides
 * @property {Ratio[]} ratios
 */

/**
 * @param {import('./work.mjs').Work} work
 * @param {ReadonlyMap<string, Throughput[]>} measured
 * @param {readonly (readonly [string, string])[]} pairs Names of sides that are compared.
 * @returns {Summary}
 */
export function summarise({ unit, records }, measured, pairs) {
  const sides = Object.fromEntries([...measured].map(([name, some]) => [name, summariseSide(some)]))
  return { unit, records, sides, ratios: pairs.map(([side, to]) => ratio(sides, side, to)) }
}

/**
 * @param {{ ours: readonly { name: string }[], theirs: readonly { name: string }[] }} sides
 * @returns {[string, string][]} Each of ours with each of theirs.
 */
export function allPairs({ ours, theirs }) {
  return ours.flatMap((side) =>
    theirs.map((to) => /** @type {[string, string]} */ ([side.name, to.name])),
  )
}

/**
 * @param {readonly Throughput[]} measured
 * @returns {SideResult}
 */
function summariseSide(measured) {
  return {
    perSecond: spread(measured.map(({ perSecond }) => perSecond)),
    startSeconds: spread(measured.map(({ startSeconds }) => startSeconds)),
    cost: mapValues(columns(measured.map(({ cost }) => cost)), ({ median }) => median),
  }
}

/**
 * @param {Record<string, SideResult>} sides
 * @param {string} side
 * @param {string} to
 * @returns {Ratio}
 */
function ratio(sides, side, to) {
  const [a, b] = /** @type {[SideResult, SideResult]} */ ([sides[side], sides[to]])
  return {
    ...{ side, to },
    throughput: round(a.perSecond.median / b.perSecond.median),
    rounds: a.perSecond.rounds.map((rate, index) =>
      round(rate / (b.perSecond.rounds[index] ?? NaN)),
    ),
  }
}

/** @param {Summary} summary */
export function printReport({ unit, records, sides, ratios }) {
  const rows = Object.entries(sides)
  print(
    [`${unit}/s`, 'min', 'median', 'max', 'start s'],
    rows.map(
      ([
        name,
        {
          perSecond: { min, median, max },
          startSeconds,
        },
      ]) => [...[name, min, median, max, startSeconds.median]],
    ),
  )
  printCost(`per million ${unit}, medians`, rows, 1e6 / records)
  printTraffic(rows)
  if (ratios.length === 0) return
  print(
    ['ratio of medians', `${unit}/s`, 'by round'],
    ratios.map(({ side, to, throughput, rounds }) => [
      ...[`${side} : ${to}`, throughput, rounds.join(' ')],
    ]),
  )
}

/**
 * @param {string} title
 * @param {readonly [string, SideResult][]} rows
 * @param {number} scale
 */
function printCost(title, rows, scale) {
  print(
    [
      ...[title, 'app cpu s', 'broker', 'database', 'sum', 'app MB written', 'broker', 'database'],
      ...['of it WAL', 'peak memory MB, as it was'],
    ],
    rows.map(([name, { cost }]) => {
      const seconds = [cost.appSeconds, cost.brokerSeconds, cost.databaseSeconds]
      const sum = seconds.reduce((total, some) => total + some, 0)
      const written = [cost.appDiskMb, cost.brokerDiskMb, cost.databaseDiskMb, cost.walMb]
      return [name, ...[...seconds, sum, ...written].map((some) => some * scale), cost.memoryMb]
    }),
  )
}

/** @param {readonly [string, SideResult][]} rows */
function printTraffic(rows) {
  print(
    ['in a run, medians', 'repartition records', 'output', 'transactions', 'rows written'],
    rows.map(([name, { cost }]) => [
      ...[name, cost.repartitionRecords, cost.outputRecords],
      ...[cost.transactions, cost.rowsWritten],
    ]),
  )
}
