import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} CpuProfile As Node.js writes it with `--cpu-prof`.
 * @property {ProfileNode[]} nodes
 * @property {number[]} samples
 * @property {number[]} timeDeltas Microseconds.
 *
 * @typedef {object} ProfileNode
 * @property {number} id
 * @property {{ functionName: string, url: string, lineNumber: number }} callFrame
 * @property {number[]} [children]
 *
 * @typedef {object} Frame A function, and its own time, not that of what it calls, under one chain of callers.
 * @property {string} name
 * @property {string} file
 * @property {number} line
 * @property {number} ms
 * @property {Frame | undefined} caller
 */

/**
 * All profiles in a folder.
 *
 * @param {string} folder
 * @returns {Frame[][]}
 */
export function readProfiles(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))
  return files.map((file) => {
    /** @type {CpuProfile} */
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    return toFrames(profile)
  })
}

/**
 * @param {CpuProfile} profile
 * @returns {Frame[]}
 */
function toFrames({ nodes, samples, timeDeltas }) {
  /** @type {Map<number, number>} */
  const micros = new Map()
  samples.forEach((id, index) => micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[index] ?? 0)))
  const frames = new Map(nodes.map((node) => [node.id, toFrame(node, micros.get(node.id) ?? 0)]))
  for (const { id, children = [] } of nodes) {
    for (const child of children) {
      const frame = frames.get(child)
      if (frame) frame.caller = frames.get(id)
    }
  }
  return [...frames.values()].filter(({ name }) => name !== '(root)')
}

/**
 * @param {ProfileNode} node
 * @param {number} micros
 * @returns {Frame}
 */
function toFrame({ callFrame: { functionName, url, lineNumber } }, micros) {
  const name = functionName || '(anonymous)'
  return { name, file: shorten(url), line: lineNumber + 1, ms: micros / 1000, caller: undefined }
}

/** @param {string} url */
function shorten(url) {
  const [, inPackage] = /^.*\/node_modules\/(.+)$/.exec(url) ?? []
  return inPackage
    ? `node_modules/${inPackage}`
    : url.replace(/^.*\/(dist\/|(?=build\/|bench\/))/, '')
}
