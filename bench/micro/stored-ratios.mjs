import { existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spread } from '../lab/statistics.mjs'

const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'results', 'micro.json')

/** The compilers of two major versions of Node.js are two machines: each has ratios of its own. */
const major = process.versions.node.split('.')[0] ?? ''

/**
 * @typedef {object} Stored By the major version of Node.js.
 * @property {Record<string, { at: string, node: string, processor: string, results: Result[] }>} byNode
 *
 * @typedef {{ name: string } & import('./sample.mjs').Timing} Result
 */

/** @returns {ReadonlyMap<string, number> | undefined} By the name of the piece; nothing for a Node.js that has none. */
export function storedRatios() {
  const results = read().byNode[major]?.results
  return results && ratiosOf(results)
}

/**
 * The best of each piece as a multiple of the calibration, as it was beside most of them.
 *
 * @param {readonly Result[]} results
 * @returns {ReadonlyMap<string, number>}
 */
export function ratiosOf(results) {
  const unit = spread(results.map(({ ns, ratio }) => ns.min / ratio)).median
  /** @type {Map<string, number>} */
  const best = new Map()
  for (const { name, ns } of results)
    best.set(name, Math.min(best.get(name) ?? Infinity, ns.min / unit))
  return best
}

/**
 * What the file has to hold with these results in it.
 *
 * @param {Result[]} results
 */
export function withResults(results) {
  const at = new Date().toISOString()
  const processor = cpus()[0]?.model ?? 'unknown'
  const own = { at, node: process.version, processor, results }
  return { bench: 'micro', byNode: { ...read().byNode, [major]: own } }
}

/** @returns {Stored} */
function read() {
  if (!existsSync(file)) return { byNode: {} }
  /** @type {Stored} */
  const stored = JSON.parse(readFileSync(file, 'utf8'))
  return stored
}
