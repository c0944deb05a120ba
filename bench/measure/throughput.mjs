import { round } from '../lab/statistics.mjs'
import { createTopic, freshName } from '../lab/topics.mjs'
import { costSince, trafficOf } from './cost.mjs'
import { timeoutMs } from './work.mjs'

/** @typedef {import('../lab/child.mjs').Child} Child */
/** @typedef {import('./work.mjs').Work} Work */

/**
 * @typedef {object} Throughput
 * @property {number} perSecond Records of the input, from `running` until the last of the output was read with read_committed.
 * @property {number} seconds
 * @property {number} startSeconds From starting the process until `running`.
 * @property {import('./cost.mjs').Cost & import('./cost.mjs').Traffic} cost From starting the process until the last record was read.
 * @property {number} distinct Keys or records in the output.
 */

/**
 * Lets a side do its work, from nothing.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../sides/sides.mjs').Side} side
 * @param {Work} work
 * @returns {Promise<Throughput>}
 */
export async function measureThroughput(lab, side, work) {
  const output = await createTopic(lab.kafka, 'output', work.partitions)
  const { input, other } = work
  const run = { application: freshName('app'), input, output, ...(other && { other }) }
  const reader = await startReader(lab, work, output)
  await lab.settle()
  const before = await lab.serverCost()
  const startedAt = Date.now()
  const children = side.start(run)
  try {
    const running = firstRunning(children, work)
    const complete = await Promise.race([
      reader.waitFor('complete', timeoutMs(work.records)),
      ...children.map((child) => child.unexpectedEnd()),
    ])
    const cost = await costSince(lab, before, children)
    await stopAll(children)
    const traffic = await trafficOf(lab, run, work, Number(complete['records']))
    const timing = { startedAt, runningAt: await running, completeAt: Number(complete['at']) }
    return { ...rates(work, timing), cost: { ...cost, ...traffic }, ...distinct(complete) }
  } finally {
    await stopAll([...children, reader])
    await side.clean(run)
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {Work} work
 * @param {string} output
 */
async function startReader({ brokers, startJava }, { reader, data, partitions, records }, output) {
  const started = startJava(reader, { ...data, brokers, output, partitions })
  await started.waitFor('ready', timeoutMs(records))
  return started
}

/** @param {readonly Child[]} children */
async function stopAll(children) {
  await Promise.all(children.map((child) => child.stop()))
}

/** @param {import('../lab/child.mjs').ChildEvent} complete */
function distinct(complete) {
  return { distinct: Number(complete['distinct']) }
}

/**
 * @param {Work} work
 * @param {{ startedAt: number, runningAt: number, completeAt: number }} timing
 */
function rates({ records }, { startedAt, runningAt, completeAt }) {
  const seconds = (completeAt - runningAt) / 1000
  return {
    perSecond: Math.round(records / seconds),
    seconds,
    startSeconds: round((runningAt - startedAt) / 1000, 3),
  }
}

/**
 * When the first process of a side could fetch its first record. The others may not get so far before all is done.
 *
 * @param {readonly Child[]} children
 * @param {Work} work
 */
async function firstRunning(children, { records }) {
  const event = await Promise.any(
    children.map((child) => child.waitFor('running', timeoutMs(records))),
  )
  return Number(event['at'])
}
