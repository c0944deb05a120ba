import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from '../lab/child.mjs'

const app = join(dirname(fileURLToPath(import.meta.url)), 'rowstream-app.mjs')

/**
 * One of those that are compared: how to start the application, and how to remove what it leaves.
 *
 * @typedef {object} Side
 * @property {string} name
 * @property {(run: Run) => Child[]} start Its processes. Each says `running` once its first record can be fetched.
 * @property {(run: Run) => Promise<void>} clean
 *
 * @typedef {object} Run
 * @property {string} application Used by nobody before.
 * @property {string} input
 * @property {string} output
 */

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @returns {{ ours: Side[], theirs: Side[] }}
 */
export function createSides(lab, settings) {
  return {
    ours: settings.processes.flatMap((processes) =>
      settings.clients.map((client) => rowstreamSide(lab, settings, { client, processes })),
    ),
    theirs: settings.threads.map((threads) => kafkaStreamsSide(lab, threads)),
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {{ client: string, processes: number }} which
 * @returns {Side}
 */
function rowstreamSide(lab, { streamsOptions, profile }, { client, processes }) {
  const { brokers, databaseUrl, node, folder } = lab
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${folder}`] : []
  return {
    name: `rowstream, ${client}${processes > 1 ? `, ${processes} processes` : ''}`,
    start: (run) => {
      const job = JSON.stringify({ ...run, brokers, databaseUrl, client, streamsOptions })
      const one = () => new Child('rowstream', node, [...flags, app, job])
      return Array.from({ length: processes }, one)
    },
    clean: async ({ application }) => {
      await lab.client.query(`drop schema if exists ${application} cascade`)
    },
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Threads} which
 * @returns {Side}
 */
function kafkaStreamsSide({ brokers, folder, startJava }, { threads, commitIntervalMs }) {
  let state = ''
  const interval = commitIntervalMs ? { commitIntervalMs } : {}
  return {
    name: `Kafka Streams, ${threads} thread${threads > 1 ? 's' : ''}${commitIntervalMs ? `, commits every ${commitIntervalMs} ms` : ''}`,
    start: (run) => {
      state = mkdtempSync(join(folder, 'state-'))
      return [startJava('WordCount', { ...run, ...interval, brokers, threads, state })]
    },
    clean: async () => rmSync(state, { recursive: true, force: true }),
  }
}
