import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { round } from './statistics.mjs'
import { table } from './table.mjs'

/**
 * @typedef {object} CpuProfile As Node.js writes it with `--cpu-prof`.
 * @property {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }[]} nodes
 * @property {number[]} samples
 * @property {number[]} timeDeltas Microseconds.
 */

const FUNCTIONS = 40

/**
 * Prints where the processor time of all profiles in a folder went: by group of files, then by function. Only a function's
 * own time counts, not that of what it calls.
 *
 * @param {string} folder
 */
export function printProfile(folder) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))
  for (const file of files) {
    /** @type {CpuProfile} */
    const profile = JSON.parse(readFileSync(join(folder, file), 'utf8'))
    const times = ownTimes(profile)
    const own = times.filter(({ name }) => name !== '(idle)')
    console.log(`\nidle: ${Math.round(sum(times) - sum(own))} of ${Math.round(sum(times))} ms`)
    printSums('by group', own, ({ group }) => group)
    printSums('by file', own, ({ file: name }) => name)
    printSums('by function', own, ({ name, file: place, line }) => `${name} ${place}:${line}`)
  }
}

/**
 * @typedef {{ name: string, file: string, line: number, group: string, ms: number }} OwnTime
 *
 * @param {CpuProfile} profile
 * @returns {OwnTime[]}
 */
function ownTimes({ nodes, samples, timeDeltas }) {
  /** @type {Map<number, number>} */
  const micros = new Map()
  samples.forEach((id, index) => micros.set(id, (micros.get(id) ?? 0) + (timeDeltas[index] ?? 0)))
  return nodes
    .filter(({ callFrame }) => callFrame.functionName !== '(root)')
    .map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = shorten(url)
      const name = functionName || '(anonymous)'
      return {
        name,
        file,
        line: lineNumber + 1,
        group: groupOf(name, file),
        ms: (micros.get(id) ?? 0) / 1000,
      }
    })
}

/** @param {string} url */
function shorten(url) {
  const [, inPackage] = /^.*\/node_modules\/(.+)$/.exec(url) ?? []
  return inPackage
    ? `node_modules/${inPackage}`
    : url.replace(/^.*\/(dist\/|(?=build\/|bench\/))/, '')
}

/**
 * A package, a room of ours, or Node.js itself.
 *
 * @param {string} name
 * @param {string} file
 */
function groupOf(name, file) {
  if (file === '') return name === '(garbage collector)' ? name : '(native code)'
  if (file.startsWith('node:')) return 'node'
  const [first = '', second = ''] = file.split('/')
  return first === 'node_modules' ? second : `rowstream ${first}`
}

/**
 * @param {string} title
 * @param {readonly OwnTime[]} own
 * @param {(time: OwnTime) => string} nameOf
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

/** @param {readonly OwnTime[]} times */
function sum(times) {
  return times.reduce((total, { ms }) => total + ms, 0)
}
