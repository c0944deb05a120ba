import { processorSeconds } from '../lab/processor-time.mjs'
import { round } from '../lab/statistics.mjs'
import { createTopic, freshName, PARTITIONS, SEED, transactionsOf } from '../lab/topics.mjs'
import { DISTINCT_WORDS } from '../wordcount/wordcount.mjs'

const LINES_PER_SECOND = 1_000
const START_TIMEOUT_MS = 60_000

/**
 * @typedef {object} Latency
 * @property {number} p50 Milliseconds from just before a line is sent until its count is received with read_committed.
 * @property {number} p99
 * @property {number} max
 * @property {number} linesPerSecond As they were sent.
 * @property {number} appCores Processors that the application used, on average.
 * @property {number} brokerCores
 * @property {number} databaseCores
 * @property {number} transactionsPerSecond Of Kafka on the output topic, about; on few partitions at a time they count less.
 */

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../sides/sides.mjs').Side} side
 * @param {import('../arguments.mjs').Settings} settings
 * @returns {Promise<Latency>}
 */
export async function measureLatency(lab, side, { latencySeconds, warmUpSeconds }) {
  const input = await createTopic(lab.kafka, 'lines')
  const output = await createTopic(lab.kafka, 'counts')
  const run = { application: freshName('app'), input, output }
  await lab.settle()
  const children = side.start(run)
  /** @type {import('../lab/child.mjs').Child | undefined} */
  let probe
  try {
    await Promise.all(children.map((child) => child.waitFor('running', START_TIMEOUT_MS)))
    probe = lab.startJava('MeasureLatency', {
      ...{ brokers: lab.brokers, input, output, partitions: PARTITIONS },
      ...{ seed: SEED, distinct: DISTINCT_WORDS, rate: LINES_PER_SECOND },
      ...{ seconds: latencySeconds, warmUpSeconds },
    })
    const { records, ...latency } = await Promise.race([
      follow(lab, probe, children),
      ...children.map((child) => child.unexpectedEnd()),
    ])
    const transactions = await transactionsOf(lab.kafka, output, records)
    const seconds = warmUpSeconds + latencySeconds
    return { ...latency, transactionsPerSecond: round(transactions / seconds, 1) }
  } finally {
    await Promise.all([...children, ...(probe ? [probe] : [])].map((child) => child.stop()))
    await side.clean(run)
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../lab/child.mjs').Child} probe
 * @param {readonly import('../lab/child.mjs').Child[]} children
 * @returns {Promise<Omit<Latency, 'transactionsPerSecond'> & { records: number }>}
 */
async function follow(lab, probe, children) {
  const timeoutMs = 5 * START_TIMEOUT_MS
  await probe.waitFor('measuring', timeoutMs)
  const before = await usage(lab, children)
  const done = await probe.waitFor('done', timeoutMs)
  const after = await usage(lab, children)
  const seconds = (after.at - before.at) / 1000
  /** @param {'app' | 'broker' | 'database'} part */
  const cores = (part) => round((after[part] - before[part]) / seconds)
  return {
    ...{ p50: Number(done['p50']), p99: Number(done['p99']), max: Number(done['max']) },
    records: Number(done['records']),
    linesPerSecond: Math.round(Number(done['linesPerSecond'])),
    ...{ appCores: cores('app'), brokerCores: cores('broker'), databaseCores: cores('database') },
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {readonly import('../lab/child.mjs').Child[]} children
 */
async function usage(lab, children) {
  const { broker, database } = await lab.serverCost()
  return { at: Date.now(), app: processorSeconds(children.map(({ pid }) => pid)), broker, database }
}
