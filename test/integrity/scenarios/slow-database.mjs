import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Application } from '../harness/application.mjs'
import { fillBacklog } from '../harness/backlog.mjs'
import { until } from '../harness/until.mjs'
import { WorkerProcess } from '../harness/worker-process.mjs'

/**
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/run-scenario.mjs').ScenarioOptions} ScenarioOptions
 */

const program = fileURLToPath(new URL('../worker/slow-count.mjs', import.meta.url))
const STATEMENT_MS = 200
const WATCHED_MS_MIN = 12_000
/** By then caches have been full for long. */
const WATCHED_MS_MAX = 60_000
/** An instance counts fewer: a backlog lasts while it is watched. */
const RECORDS_A_SECOND_MAX = 125_000
/** What V8 lets lie about included: the process has no limit. */
const HEAP_MAX = 400_000_000
const MB = 1_000_000
const CLIENTS = ['kafkajs', 'platformatic']

/**
 * A backlog of which the database can take little: memory stays within a bound, the instance stays in its group, tells how many
 * records wait, and what it has counted is what it has read. With each client.
 *
 * @type {Scenario}
 */
export const slowDatabase = {
  name: 'slow-database',
  perform: async (options) => {
    const { backlog = 1_500_000 } = options
    const startedAt = performance.now()
    const problems = []
    const evidence = []
    for (const client of CLIENTS) {
      const found = await perform(client, { ...options, backlog })
      problems.push(...found.problems)
      evidence.push(...found.evidence)
    }
    return {
      ...{ name: 'slow-database', problems, evidence, isVoid: false, faults: 0, records: 0 },
      ...{ takeovers: [], lines: backlog * CLIENTS.length },
      seconds: Number(seconds(startedAt)),
    }
  },
}

/**
 * @param {string} client @param {ScenarioOptions & { backlog: number }} options
 * @returns {Promise<{ problems: string[], evidence: string[] }>}
 */
async function perform(client, options) {
  const { servers, backlog, say } = options
  const startedAt = performance.now()
  const id = `integrity-slow-${client}-${Math.random().toString(36).slice(2, 8)}`
  const application = new Application(servers, id, 'exactly_once')
  await application.create()
  const { partitions, input: topic } = application
  await fillBacklog({ brokers: servers.brokers, topic, partitions, records: backlog })
  say(`${client}: ${backlog} records wait, after ${seconds(startedAt)} s`)
  const env = { ...application.env, STATEMENT_MS: String(STATEMENT_MS), KAFKA_CLIENT: client }
  const worker = new WorkerProcess(`worker of ${client}`, env, { program })
  const found = await watch(worker, application, options).catch((/** @type {unknown} */ error) => [
    error instanceof Error ? error.message : String(error),
  ])
  await worker.kill()
  await application.drop()
  const problems = found.map((problem) => `${client}: ${problem}`)
  return { problems, evidence: problems.length > 0 ? [...problems, ...worker.log.last(20)] : [] }
}

/**
 * @param {WorkerProcess} worker @param {Application} application
 * @param {ScenarioOptions & { backlog: number }} options
 * @returns {Promise<string[]>}
 */
async function watch(worker, application, { backlog, say }) {
  await until('it runs', 60_000, () => worker.state === 'running')
  await until('the first commit', 60_000, async () => (await application.tables.words()) > 0)
  const before = await application.members()
  const { changes } = worker
  const watchedMs = Math.min(
    WATCHED_MS_MAX,
    Math.max(WATCHED_MS_MIN, (backlog / RECORDS_A_SECOND_MAX) * 1_000),
  )
  await delay(watchedMs)
  const { usage } = worker
  const changed = worker.changes - changes
  const after = await application.members()
  const durable = await application.tables.words()
  const ending = await worker.stop()
  const counted = await application.tables.words()
  const read = [...(await application.tables.offsets(application.input)).values()]
  const position = Number(read.reduce((sum, offset) => sum + offset, 0n))
  const inMb = (/** @type {number} */ bytes) => Math.round(bytes / MB)
  say(
    `${durable} counted in ${watchedMs / 1000} s, lag ${usage.lag}; at most ${inMb(usage.heap)} MB of heap, ` +
      `${inMb(usage.buffers)} MB of buffers, ${inMb(usage.resident)} MB resident`,
  )
  return [
    ...(usage.heap > HEAP_MAX ? ['its heap grew beyond 400 MB'] : []),
    ...(before.join() === after.join()
      ? []
      : [`members were ${before.join()}, then ${after.join()}`]),
    ...(changed === 0 ? [] : [`its state changed ${changed} times`]),
    ...(usage.lag > 0 && usage.lag <= backlog - durable
      ? []
      : [`a lag of ${usage.lag} was told, with ${durable} counted`]),
    ...(counted === position ? [] : [`${counted} counted of ${position} that were read`]),
    ...(ending === 'exit code 0' ? [] : [`it ended with ${ending}`]),
  ]
}

/** @param {number} since */
function seconds(since) {
  return ((performance.now() - since) / 1000).toFixed(1)
}
