import { round } from '../lab/statistics.mjs'
import { table } from '../lab/table.mjs'
import { check } from './check.mjs'
import { murmur2 } from './murmur2.mjs'
import { nodeChain } from './node-chain.mjs'
import { outboxCodec } from './outbox-codec.mjs'
import { partitionQueue } from './partition-queue.mjs'
import { recordBatch } from './record-batch.mjs'
import { once, time } from './sample.mjs'
import { withResults } from './stored-ratios.mjs'
import { writeBehindCache } from './write-behind-cache.mjs'

/**
 * @typedef {object} Micro
 * @property {string} name Of one operation.
 * @property {number} operations Of one run.
 * @property {() => number} run What it answers is used, so that none of the work can be left out.
 */

/** @type {Micro[]} */
const all = [
  ...[murmur2, ...outboxCodec, ...recordBatch, ...nodeChain],
  ...[partitionQueue, ...writeBehindCache],
]

/**
 * Times single pieces on the Node.js at hand, without servers.
 *
 * @param {{ isSmall: boolean, check: boolean }} settings Small: each piece once, to see that it works.
 */
export function benchMicro(settings) {
  if (settings.check) return check(all)
  const results = all.map((micro) => ({
    name: micro.name,
    ...(settings.isSmall ? once(micro) : time(micro)),
  }))
  const rows = results.map(({ name, ns: { min, median, max }, ratio }) => [
    ...[name, round(min, 1), round(median, 1), round(max, 1), round(ratio)],
  ])
  const head = [`ns an operation, Node.js ${process.versions.node}`, 'min', 'median', 'max']
  console.log(`\n${table([...head, 'times the calibration'], rows)}`)
  return withResults(results)
}
