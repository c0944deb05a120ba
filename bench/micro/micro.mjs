import { round, spread } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'
import { murmur2 } from './murmur2.mjs'
import { nodeChain } from './node-chain.mjs'
import { outboxCodec } from './outbox-codec.mjs'
import { recordBatch } from './record-batch.mjs'

/**
 * @typedef {object} Micro
 * @property {string} name Of one operation.
 * @property {number} operations Of one run.
 * @property {() => number} run What it answers is used, so that none of the work can be left out.
 */

/** So long until the compiler has done what it will. A guess. */
const WARM_UP_MS = 500
const SAMPLES = 15
/** A sample is not shorter, or the clock and the garbage collector would decide. */
const SAMPLE_MS = 50

/** @type {Micro[]} */
const all = [murmur2, ...outboxCodec, ...recordBatch, ...nodeChain]

/**
 * Times single pieces on the Node.js at hand, without servers.
 *
 * @param {{ isSmall: boolean }} settings Small: each piece once, to see that it works.
 */
export function benchMicro({ isSmall }) {
  const results = all.map((micro) => ({
    name: micro.name,
    ns: isSmall ? once(micro) : time(micro),
  }))
  const rows = results.map(({ name, ns: { min, median, max } }) => [
    ...[name, round(min, 1), round(median, 1), round(max, 1)],
  ])
  console.log(
    `\n${table([`ns an operation, Node.js ${process.versions.node}`, 'min', 'median', 'max'], rows)}`,
  )
  return { bench: 'micro', at: new Date().toISOString(), node: process.version, results }
}

/** @param {Micro} micro */
function once(micro) {
  return spread([sample(micro, 0)])
}

/** @param {Micro} micro */
function time(micro) {
  sample(micro, WARM_UP_MS)
  return spread(Array.from({ length: SAMPLES }, () => sample(micro, SAMPLE_MS)))
}

/**
 * @param {Micro} micro
 * @param {number} forMs
 * @returns {number} Nanoseconds an operation.
 */
function sample({ run, operations }, forMs) {
  const startedAt = performance.now()
  let runs = 0
  let checksum = 0
  do {
    checksum += run()
    runs++
  } while (performance.now() - startedAt < forMs)
  if (Number.isNaN(checksum)) throw new TypeError('a bench has to answer a number')
  return ((performance.now() - startedAt) * 1e6) / (runs * operations)
}
