import { murmur2 } from './murmur2.mjs'
import { nodeChain } from './node-chain.mjs'
import { outboxCodec } from './outbox-codec.mjs'
import { partitionQueue } from './partition-queue.mjs'
import { recordBatch } from './record-batch.mjs'
import { writeBehindCache } from './write-behind-cache.mjs'

/**
 * @typedef {object} Micro
 * @property {string} name Of one operation.
 * @property {number} operations Of one run.
 * @property {() => number} run What it answers is used, so that none of the work can be left out.
 */

/** @type {readonly Micro[]} */
export const pieces = [
  ...[murmur2, ...outboxCodec, ...recordBatch, ...nodeChain],
  ...[partitionQueue, ...writeBehindCache],
]
