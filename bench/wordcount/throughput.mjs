import { peakMemoryMb, processorSeconds } from '../lab/processor-time.mjs'
import { round } from '../lab/statistics.mjs'
import {
  createTopic,
  DISTINCT_WORDS,
  freshName,
  offsetsUsed,
  PARTITIONS,
  SEED,
  transactionsOf,
} from './topics.mjs'

/** @typedef {import('../lab/child.mjs').Child} Child */

/**
 * @typedef {object} Throughput
 * @property {number} linesPerSecond From `running` until the last count was read with read_committed.
 * @property {number} seconds
 * @property {number} startSeconds From starting the process until `running`.
 * @property {Cost} cost From starting the process until the last count was read.
 *
 * @typedef {object} Cost
 * @property {number} appSeconds Processor time.
 * @property {number} brokerSeconds
 * @property {number} databaseSeconds
 * @property {number} memoryMb The most that the application had.
 * @property {number} walMb Written by the database.
 * @property {number} repartitionRecords
 * @property {number} outputRecords
 * @property {number} transactions Of Kafka on the output topic, about.
 */

const START_TIMEOUT_MS = 60_000
/** A side that is slower than this has hung. */
const LINES_PER_SECOND_MIN = 2_000

/**
 * Fills a new topic with lines.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {number} lines
 * @returns {Promise<string>} The topic.
 */
export async function produceLines({ kafka, brokers, startJava }, lines) {
  const input = await createTopic(kafka, 'lines')
  const producer = startJava('ProduceLines', { ...lineProperties(lines), brokers, input })
  await producer.waitFor('done', START_TIMEOUT_MS + lines / (LINES_PER_SECOND_MIN / 1000))
  await producer.stop()
  return input
}

/**
 * Lets a side count the lines of a topic, from nothing.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('./sides.mjs').Side} side
 * @param {{ input: string, lines: number }} data
 * @returns {Promise<Throughput>}
 */
export async function measureThroughput(lab, side, { input, lines }) {
  const output = await createTopic(lab.kafka, 'counts')
  const run = { application: freshName('app'), input, output }
  const reader = lab.startJava('FollowCounts', {
    ...{ ...lineProperties(lines), brokers: lab.brokers, output },
  })
  await reader.waitFor('ready', START_TIMEOUT_MS)
  await lab.settle()
  const before = await lab.serverCost()
  const startedAt = Date.now()
  const children = side.start(run)
  try {
    const running = firstRunning(children)
    const complete = await Promise.race([
      reader.waitFor('complete', START_TIMEOUT_MS + lines / (LINES_PER_SECOND_MIN / 1000)),
      ...children.map((child) => child.unexpectedEnd()),
    ])
    const cost = await costSince(lab, before, children)
    const runningAt = await running
    const seconds = (Number(complete['at']) - runningAt) / 1000
    return {
      linesPerSecond: Math.round(lines / seconds),
      seconds,
      startSeconds: (runningAt - startedAt) / 1000,
      cost: { ...cost, ...(await traffic(lab, run, Number(complete['records']))) },
    }
  } finally {
    await Promise.all([...children, reader].map((child) => child.stop()))
    await side.clean(run)
  }
}

/** @param {number} lines */
function lineProperties(lines) {
  return { lines, seed: SEED, distinct: DISTINCT_WORDS, partitions: PARTITIONS }
}

/**
 * When the first process of a side could fetch its first record.
 *
 * @param {readonly Child[]} children
 */
async function firstRunning(children) {
  const all = children.map((child) => child.waitFor('running', START_TIMEOUT_MS))
  const events = await Promise.all(all)
  return Math.min(...events.map((event) => Number(event['at'])))
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../lab/lab.mjs').ServerCost} before
 * @param {readonly Child[]} children
 */
async function costSince(lab, before, children) {
  const appSeconds = processorSeconds(children.map(({ pid }) => pid))
  const after = await lab.serverCost()
  return {
    appSeconds: round(appSeconds),
    brokerSeconds: round(after.broker - before.broker),
    databaseSeconds: round(after.database - before.database),
    memoryMb: children.reduce((sum, { pid }) => sum + peakMemoryMb(pid), 0),
    walMb: round((after.walBytes - before.walBytes) / 1e6, 1),
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('./sides.mjs').Run} run
 * @param {number} outputRecords
 */
async function traffic({ kafka }, { application, output }, outputRecords) {
  const transactions = await transactionsOf(kafka, output, outputRecords)
  const repartitionRecords = await offsetsUsed(kafka, `${application}-words-repartition`)
  return { repartitionRecords, outputRecords, transactions }
}
