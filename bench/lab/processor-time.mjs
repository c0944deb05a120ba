import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, on every machine that Node.js runs on. */
const TICKS_A_SECOND = 100

/**
 * @typedef {object} ProcessRow
 * @property {number} pid
 * @property {number} parent
 * @property {string} name
 * @property {number} ticks Its own, and those of its children that have ended.
 */

/**
 * Processor seconds that some processes of this machine and their children have used so far, ended children included.
 *
 * @param {readonly number[]} pids
 */
export function processorSeconds(pids) {
  const all = readAll().filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent))
  return all.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND
}

/**
 * The processes that this one has started, by the name of their program.
 *
 * @param {string} program
 */
export function ownChildren(program) {
  const own = readAll().filter(({ parent, name }) => parent === process.pid && name === program)
  return own.map(({ pid }) => pid)
}

/**
 * The most memory that a process had at any time, in MB.
 *
 * @param {number} pid
 */
export function peakMemoryMb(pid) {
  const file = `/proc/${pid}/status`
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024)
}

/**
 * What processes and their children have written to disks so far, ended children included, in MB.
 *
 * @param {readonly number[]} pids
 */
export function writtenMb(pids) {
  const all = readAll().filter(({ pid, parent }) => pids.includes(pid) || pids.includes(parent))
  return all.reduce((sum, { pid }) => sum + readWritten(pid), 0) / 1e6
}

/** @param {number} pid */
function readWritten(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/io`, 'utf8')
    return Number(/^write_bytes: (\d+)/m.exec(text)?.[1] ?? 0)
  } catch {
    // It has ended, or is not ours to look into.
    return 0
  }
}

function readAll() {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  )
}

/**
 * @param {number} pid
 * @returns {ProcessRow | undefined}
 */
function readProcess(pid) {
  let text
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    // It has ended.
    return undefined
  }
  const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const ticks = fields.slice(11, 15).reduce((sum, some) => sum + some, 0)
  return { pid, parent: fields[1] ?? 0, name, ticks }
}
