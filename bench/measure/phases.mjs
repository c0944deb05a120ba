import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { readProfiles } from '../lab/cpu-profile.mjs'
import { PHASES, phaseOf } from '../lab/phase-of.mjs'
import { round } from '../lab/statistics.mjs'
import { rowstreamSide } from '../sides/sides.mjs'
import { print } from './columns.mjs'
import { measureThroughput } from './throughput.mjs'

/** @typedef {import('../lab/cpu-profile.mjs').Frame} Frame */
/** @typedef {import('../lab/phase-of.mjs').Phase} Phase */

/**
 * @typedef {object} Phases Of the main thread of one process, with what profiling costs.
 * @property {number} busyMs
 * @property {number} idleMs
 * @property {Record<Phase, number>} percent Of the busy time.
 */

/**
 * Where the time goes: one more run of each client, with a profile.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {{ topology: import('../sides/topologies.mjs').TopologyName, work: import('./work.mjs').Work }} what
 * @param {(folder: string) => void} [look] At the profiles, too.
 * @returns {Promise<Record<string, Phases>>}
 */
export async function measurePhases(lab, settings, { topology, work }, look) {
  /** @type {Record<string, Phases>} */
  const phases = {}
  for (const client of settings.clients) {
    const profiles = mkdtempSync(join(lab.folder, 'profiles-'))
    const side = rowstreamSide(lab, settings, { topology, client, profiles })
    await measureThroughput(lab, side, work)
    phases[side.name] = sumUp(readProfiles(profiles).flat())
    look?.(profiles)
  }
  printPhases(phases)
  return phases
}

/**
 * @param {readonly Frame[]} frames
 * @returns {Phases}
 */
function sumUp(frames) {
  const sums = new Map(PHASES.map((phase) => [phase, 0]))
  let [busyMs, idleMs] = [0, 0]
  for (const frame of frames) {
    if (frame.name === '(idle)') {
      idleMs += frame.ms
      continue
    }
    busyMs += frame.ms
    const phase = phaseOf(frame)
    sums.set(phase, (sums.get(phase) ?? 0) + frame.ms)
  }
  const percent = [...sums].map(([phase, ms]) => [phase, round((100 * ms) / busyMs, 1)])
  return {
    ...{ busyMs: Math.round(busyMs), idleMs: Math.round(idleMs) },
    percent: Object.fromEntries(percent),
  }
}

/** @param {Record<string, Phases>} phases */
function printPhases(phases) {
  print(
    ['% of busy time', ...PHASES, 'busy ms', 'idle ms'],
    Object.entries(phases).map(([name, { percent, busyMs, idleMs }]) => [
      ...[name, ...PHASES.map((phase) => percent[phase])],
      ...[busyMs, idleMs],
    ]),
  )
}
