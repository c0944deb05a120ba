import { printProfile } from '../lab/print-profile.mjs'
import { compareWithLimits } from '../limits/shares.mjs'
import { createSides } from '../sides/sides.mjs'
import { describeRun } from './description.mjs'
import { measurePhases } from './phases.mjs'
import { allPairs, printReport, summarise } from './report.mjs'
import { alternate } from './rounds.mjs'
import { measureThroughput } from './throughput.mjs'

/**
 * Throughput of the same program in rowstream and in Kafka Streams: same broker, same input, alternating sides; then what
 * the parts can do alone on the same servers, and where rowstream's time goes.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {string} bench
 * @param {{ program: import('../sides/sides.mjs').Program, work: import('./work.mjs').Work }} what
 */
export async function contest(lab, settings, bench, { program, work }) {
  const { topology } = program
  if (settings.profile) {
    return { phases: await measurePhases(lab, settings, { topology, work }, printProfile) }
  }
  const sides = createSides(lab, settings, program)
  const measured = await alternate(
    [...sides.ours, ...sides.theirs],
    settings.rounds,
    (side) => measureThroughput(lab, side, work),
    ({ perSecond }) => `${perSecond.toLocaleString('en')} ${work.unit}/s`,
  )
  const summary = summarise(work, measured, allPairs(sides))
  printReport(summary)
  const limits = await compareWithLimits(lab, settings, work, measured)
  const phases = await measurePhases(lab, settings, { topology, work })
  return { bench, ...describeRun(lab, settings, work), ...summary, ...limits, phases }
}
