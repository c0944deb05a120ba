import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { pieces } from './pieces.mjs'
import { time } from './sample.mjs'

/** @typedef {import('./stored-ratios.mjs').Result} Result */

/**
 * Times pieces in a thread of its own: what the compiler made of them earlier does not count.
 *
 * @param {readonly string[]} names
 * @returns {Promise<Result[]>}
 */
export function timeInThread(names) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: names })
    worker.once('message', resolve).once('error', reject)
  })
}

if (!isMainThread) {
  const names = /** @type {readonly string[]} */ (workerData)
  const wanted = pieces.filter(({ name }) => names.includes(name))
  parentPort?.postMessage(wanted.map((piece) => ({ name: piece.name, ...time(piece) })))
}
