import { readProfiles } from './cpu-profile.mjs'
import { round } from './statistics.mjs'
import { table } from './table.mjs'

/** @typedef {import('./cpu-profile.mjs').Frame} Frame */

const FUNCTIONS = 40

/**
 * Prints where the processor time of all profiles in a folder went: by group of files, then by function. Only a function's
 * own time counts, not that of what it calls.
 *
 * @param {string} folder
 */
export function printProfile(folder) {
  for (const frames of readProfiles(folder)) {
    const own = frames.filter(({ name }) => name !== '(idle)')
    console.log(`\nidle: ${Math.round(sum(frames) - sum(own))} of ${Math.round(sum(frames))} ms`)
    printSums('by group', own, groupOf)
    printSums('by file', own, ({ file }) => file)
    printSums('by function', own, ({ name, file, line }) => `${name} ${file}:${line}`)
  }
}

/**
 * A package, a room of ours, or Node.js itself.
 *
 * @param {Frame} frame
 */
function groupOf({ name, file }) {
  if (file === '') return name === '(garbage collector)' ? name : '(native code)'
  if (file.startsWith('node:')) return 'node'
  const [first = '', second = ''] = file.split('/')
  return first === 'node_modules' ? second : `rowstream ${first}`
}

/**
 * @param {string} title
 * @param {readonly Frame[]} own
 * @param {(time: Frame) => string} nameOf
 */
function printSums(title, own, nameOf) {
  /** @type {Map<string, number>} */
  const sums = new Map()
  for (const time of own) sums.set(nameOf(time), (sums.get(nameOf(time)) ?? 0) + time.ms)
  const total = sum(own)
  const rows = [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, FUNCTIONS)
    .map(([name, ms]) => [name, Math.round(ms), `${round((100 * ms) / total, 1)} %`])
  console.log(`\n${table([`own time ${title}`, 'ms', 'share'], rows)}`)
}

/** @param {readonly Frame[]} own */
function sum(own) {
  return own.reduce((total, { ms }) => total + ms, 0)
}
