import { columns, print } from '../measure/columns.mjs'
import { measureShares } from '../limits/shares.mjs'
import { describeRun } from '../measure/description.mjs'
import { measureThroughput } from '../measure/throughput.mjs'
import { produceKeys, produceLines } from '../measure/work.mjs'
import { rowstreamSide } from '../sides/sides.mjs'
import { DISTINCT_WORDS } from '../wordcount/wordcount.mjs'
import { createPoints } from './points.mjs'

/** @typedef {import('./points.mjs').Point} Point */
/** @typedef {import('../measure/throughput.mjs').Throughput} Throughput */

/**
 * Throughput of the last of the clients as the work grows in one way after the other.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchGrowth(lab, settings) {
  const rounds = settings.hasRounds ? settings.rounds : 1
  const client = settings.clients.at(-1) ?? 'kafkajs'
  const results = []
  for (const point of createPoints(settings.isSmall)) {
    const work = await createWork(lab, point)
    const topology = point.valueBytes === undefined ? 'wordcount' : 'passthrough'
    const { processes = 1 } = point
    const side = rowstreamSide(lab, settings, { topology, client, processes })
    const measured = []
    for (let round = 0; round < rounds; round++)
      measured.push(await measureThroughput(lab, side, work))
    const ofSide = new Map([[side.name, measured]])
    const only = { ...settings, clients: [client] }
    const { shares } = await measureShares(lab, only, work, ofSide, point.valueBytes)
    const result = { ...summarise(point, measured), shares: shares[side.name] }
    console.log(`${point.curve} ${point.at.toLocaleString('en')}: ${describe(result)}`)
    results.push(result)
  }
  printCurves(client, results)
  return { bench: 'growth', client, ...describeRun(lab, { ...settings, rounds }), results }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {Point} point
 */
function createWork(lab, { records, partitions, wordsALine, valueBytes, distinct }) {
  if (valueBytes !== undefined)
    return produceKeys(lab, { records, distinct: records, valueBytes }, 'FollowRecords')
  return produceLines(lab, {
    ...{ lines: records, distinct: distinct ?? DISTINCT_WORDS },
    ...(distinct && { uniform: 'true' }),
    ...(partitions && { partitions }),
    ...(wordsALine && { wordsALine }),
  })
}

/**
 * @param {Point} point
 * @param {readonly Throughput[]} measured
 */
function summarise(point, measured) {
  const { curve, at, records, wordsALine = 5, valueBytes } = point
  const { perSecond } = columns(measured.map(({ perSecond }) => ({ perSecond })))
  const cost = columns(measured.map(({ cost }) => cost))
  const words = valueBytes === undefined ? wordsALine : 1
  return {
    ...{ curve, at, records, perSecond },
    wordsPerSecond: Math.round(perSecond.median * words),
    distinct: measured[0]?.distinct ?? 0,
    appSeconds: cost.appSeconds.median,
    databaseSeconds: cost.databaseSeconds.median,
    memoryMb: cost.memoryMb.median,
    rowsWritten: cost.rowsWritten.median,
  }
}

/** @typedef {ReturnType<typeof summarise> & { shares?: import('../limits/shares.mjs').Shares | undefined }} Result */

/** @param {Result} result */
function describe({ perSecond, wordsPerSecond }) {
  return `${perSecond.median.toLocaleString('en')} records/s, ${wordsPerSecond.toLocaleString('en')} words/s`
}

/**
 * @param {string} client
 * @param {readonly Result[]} results
 */
function printCurves(client, results) {
  print(
    [
      ...[`rowstream, ${client}`, 'records', 'keys', 'records/s', 'words/s', 'app cpu s'],
      ...['database', 'app MB', 'rows written', 'tightest limit, share'],
    ],
    results.map(({ curve, at, records, perSecond, wordsPerSecond, distinct, shares, ...cost }) => [
      ...[`${curve} ${at.toLocaleString('en')}`, records, distinct, perSecond.median],
      ...[wordsPerSecond, cost.appSeconds, cost.databaseSeconds, cost.memoryMb, cost.rowsWritten],
      nameTightest(shares),
    ]),
  )
}

/**
 * The part that would take longest alone, and its share of the time taken.
 *
 * @param {import('../limits/shares.mjs').Shares | undefined} shares
 */
function nameTightest(shares) {
  if (!shares) return ''
  const { tightest, ...parts } = shares
  const [name] = Object.entries(parts).find(([, share]) => share === tightest) ?? ['none']
  return `${name} ${tightest}`
}
