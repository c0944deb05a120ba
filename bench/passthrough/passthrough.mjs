import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from '../lab/child.mjs'
import { PARTITIONS } from '../lab/topics.mjs'
import { printProfile } from '../lab/print-profile.mjs'
import { compareWithLimits } from '../limits/shares.mjs'
import { describeRun } from '../measure/description.mjs'
import { measurePhases } from '../measure/phases.mjs'
import { printReport, summarise } from '../measure/report.mjs'
import { alternate } from '../measure/rounds.mjs'
import { measureThroughput } from '../measure/throughput.mjs'
import { produceKeys } from '../measure/work.mjs'
import { rowstreamSide } from '../sides/sides.mjs'

/** @typedef {import('../sides/sides.mjs').Side} Side */

const app = join(dirname(fileURLToPath(import.meta.url)), 'bare-loop.mjs')
const VALUE_BYTES = 100

/**
 * A topology without state beside a bare loop of consuming and producing in transactions on the same client.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchPassThrough(lab, settings) {
  const { clients, rounds, records, distinct } = settings
  const data = { records, distinct, valueBytes: VALUE_BYTES }
  const work = await produceKeys(lab, data, 'FollowRecords')
  const topology = 'passthrough'
  if (settings.profile) {
    return { phases: await measurePhases(lab, settings, { topology, work }, printProfile) }
  }
  const sides = clients.flatMap((client) => [
    rowstreamSide(lab, settings, { topology, client }),
    bareSide(lab, client),
  ])
  const measured = await alternate(
    sides,
    rounds,
    (side) => measureThroughput(lab, side, work),
    ({ perSecond }) => `${perSecond.toLocaleString('en')} records/s`,
  )
  const summary = summarise(work, measured, pairs(clients))
  printReport(summary)
  const limits = await compareWithLimits(lab, settings, work, measured, VALUE_BYTES)
  const phases = await measurePhases(lab, settings, { topology, work })
  return {
    bench: 'passthrough',
    ...describeRun(lab, settings, work),
    ...summary,
    ...limits,
    phases,
  }
}

/**
 * @param {readonly string[]} clients
 * @returns {[string, string][]}
 */
function pairs(clients) {
  return clients.map((client) => [`rowstream, ${client}`, `bare loop, ${client}`])
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {string} client
 * @returns {Side}
 */
function bareSide({ brokers, node }, client) {
  return {
    name: `bare loop, ${client}`,
    start: (run) => {
      const job = JSON.stringify({ ...run, brokers, client, partitions: PARTITIONS })
      return [new Child('bare loop', node, [app, job])]
    },
    clean: async () => undefined,
  }
}
