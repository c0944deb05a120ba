import { printProfile } from '../lab/cpu-profile.mjs'
import { measureLatency } from './latency.mjs'
import { printReport, summarise } from './report.mjs'
import { createSides } from './sides.mjs'
import { measureThroughput, produceLines } from './throughput.mjs'
import { DISTINCT_WORDS, PARTITIONS, SEED } from './topics.mjs'

/**
 * What was measured of a side, a value a round.
 *
 * @typedef {object} Measured
 * @property {import('./throughput.mjs').Throughput[]} throughput
 * @property {import('./latency.mjs').Latency[]} latency
 */

/**
 * Word count beside Kafka Streams: same broker, same input, alternating sides, the order reversed every other round.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchWordCount(lab, settings) {
  const { ours, theirs } = createSides(lab, settings)
  const sides = [...ours, ...theirs]
  const data = { input: await produceLines(lab, settings.lines), lines: settings.lines }
  /** @type {Map<string, Measured>} */
  const measured = new Map(sides.map(({ name }) => [name, { throughput: [], latency: [] }]))
  for (let round = 0; round < settings.rounds; round++) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      await measureSide(lab, settings, { side, round, data, measured: measured.get(side.name) })
    }
  }
  const results = {
    bench: 'wordcount',
    ...description(lab, settings),
    ...summarise(measured, { ours, theirs }),
  }
  printReport(results)
  if (settings.profile) printProfile(lab.folder)
  return results
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {object} what
 * @param {import('./sides.mjs').Side} what.side
 * @param {number} what.round
 * @param {{ input: string, lines: number }} what.data
 * @param {Measured | undefined} what.measured
 */
async function measureSide(lab, settings, { side, round, data, measured }) {
  const throughput = await measureThroughput(lab, side, data)
  measured?.throughput.push(throughput)
  const rate = throughput.linesPerSecond.toLocaleString('en')
  console.log(`round ${round + 1}: ${side.name}: ${rate} lines/s`)
  if (settings.latencySeconds === 0) return
  const latency = await measureLatency(lab, side, settings)
  measured?.latency.push(latency)
  console.log(`round ${round + 1}: ${side.name}: p50 ${latency.p50} ms, p99 ${latency.p99} ms`)
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
function description({ machine }, settings) {
  const { lines, rounds, latencySeconds, warmUpSeconds, streamsOptions } = settings
  return {
    at: new Date().toISOString(),
    machine,
    data: {
      lines,
      wordsALine: 5,
      distinctWords: DISTINCT_WORDS,
      partitions: PARTITIONS,
      seed: SEED,
    },
    run: { rounds, latencySeconds, warmUpSeconds, streamsOptions },
  }
}
