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
 * @property {string} [other] A second input.
 * @property {number} [sessionTimeoutMs] Of Kafka Streams; rowstream's are among its options. Else the default.
 * @property {number} [heartbeatIntervalMs] As the session's.
 * @property {boolean} [isPaused] Each process is idle until it is told a line; it answers `resumed`, with what it has by then.
 *
 * @typedef {object} Program What both sides run.
 * @property {import('./topologies.mjs').TopologyName} topology
 * @property {string} javaClass In `bench/java`.
 */

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {Program} program
 * @returns {{ ours: Side[], theirs: Side[] }}
 */
export function createSides(lab, settings, { topology, javaClass }) {
  return {
    ours: (settings.processes ?? [1]).flatMap((processes) =>
      settings.clients.map((client) =>
        rowstreamSide(lab, settings, { topology, client, processes }),
      ),
    ),
    theirs: settings.threads.map((threads) => kafkaStreamsSide(lab, threads, javaClass)),
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {object} which
 * @param {import('./topologies.mjs').TopologyName} which.topology
 * @param {string} which.client
 * @param {number} [which.processes] 1.
 * @param {string} [which.profiles] A folder for profiles of its processor time.
 * @returns {Side}
 */
export function rowstreamSide(lab, { streamsOptions }, { topology, client, ...how }) {
  const { brokers, databaseUrl, node } = lab
  const { processes = 1, profiles } = how
  const flags = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : []
  return {
    name: `rowstream, ${client}${processes > 1 ? `, ${processes} processes` : ''}`,
    start: (run) => {
      const job = JSON.stringify({ ...run, topology, brokers, databaseUrl, client, streamsOptions })
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
 * @param {string} javaClass
 * @returns {Side}
 */
function kafkaStreamsSide({ brokers, folder, startJava }, { threads, ...how }, javaClass) {
  /** @type {string[]} Of each process. */
  const states = []
  const { commitIntervalMs } = how
  const interval = commitIntervalMs ? { commitIntervalMs } : {}
  return {
    name: `Kafka Streams, ${threads} thread${threads > 1 ? 's' : ''}${commitIntervalMs ? `, commits every ${commitIntervalMs} ms` : ''}`,
    start: (run) => {
      const state = mkdtempSync(join(folder, 'state-'))
      states.push(state)
      return [startJava(javaClass, { ...run, ...interval, brokers, threads, state })]
    },
    clean: async () => {
      for (const state of states.splice(0)) rmSync(state, { recursive: true, force: true })
    },
  }
}
