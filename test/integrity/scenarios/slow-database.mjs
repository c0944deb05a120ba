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
const WATCHED_MS = 12_000
const HEAP_MAX = 400_000_000
const MB = 1_000_000
/** With more than it needs, V8 lets garbage lie: this is for what lives, and ends the process if that is more. */
const HEAP_LIMIT = ['--max-old-space-size=340']

/**
 * A backlog of which the database can take little: memory stays within a bound, the instance stays in its group, tells how many
 * records wait, and what it has counted is what it has read.
 *
 * @type {Scenario}
 */
export const slowDatabase = {
  name: 'slow-database',
  perform: async (options) => {
    const { servers, backlog = 1_500_000, say } = options
    const startedAt = performance.now()
    const id = `integrity-slow-${Math.random().toString(36).slice(2, 8)}`
    const application = new Application(servers, id, 'exactly_once')
    await application.create()
    const { partitions, input: topic } = application
    await fillBacklog({ brokers: servers.brokers, topic, partitions, records: backlog })
    say(`${backlog} records wait, after ${seconds(startedAt)} s`)
    const env = { ...application.env, STATEMENT_MS: String(STATEMENT_MS) }
    const worker = new WorkerProcess('worker 1', env, { program, execArgv: HEAP_LIMIT })
    const problems = await watch(worker, application, { ...options, backlog }).catch(
      (/** @type {unknown} */ error) => [error instanceof Error ? error.message : String(error)],
    )
    await worker.kill()
    await application.drop()
    return {
      ...{ name: 'slow-database', problems, isVoid: false, faults: 0, records: 0, takeovers: [] },
      evidence: problems.length > 0 ? [...problems, ...worker.log.last(20)] : [],
      lines: backlog,
      seconds: Number(seconds(startedAt)),
    }
  },
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
  await delay(WATCHED_MS)
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
    `${durable} counted in ${WATCHED_MS / 1000} s, lag ${usage.lag}; at most ${inMb(usage.heap)} MB of heap, ` +
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
