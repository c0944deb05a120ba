import { checkOutput } from '../checks/check-output.mjs'
import { compareCounts } from '../checks/compare-counts.mjs'
import { Application } from './application.mjs'
import { collectEvidence } from './evidence.mjs'
import { untilQuiet } from './quiescence.mjs'
import { readCommitted } from './read-committed.mjs'
import { Run } from './run.mjs'
import { VoidRunError } from './void-run-error.mjs'

/**
 * @typedef {object} Scenario
 * @property {string} name
 * @property {import('rowstream').ProcessingGuarantee} [guarantee] Default `exactly_once`.
 * @property {number} [processes] Where the number matters.
 * @property {boolean} [restartsKafka] Needs a broker of our own.
 * @property {(run: Run) => Promise<void>} [act] Makes the faults, and returns when the last one is got over.
 * @property {(options: ScenarioOptions) => Promise<Result>} [perform] In place of `act`: no word count that is hurt.
 *
 * @typedef {object} ScenarioOptions
 * @property {import('./application.mjs').TestServers} servers
 * @property {number} seed
 * @property {number} kills
 * @property {number} processes
 * @property {number} [linesPerSecond] Default 2,000.
 * @property {number} [backlog] Records that wait for a slow database. Default 1,500,000.
 * @property {boolean} [keep] Keeps the logs of a success too.
 * @property {(line: string) => void} say
 *
 * @typedef {object} Result
 * @property {string} name
 * @property {readonly string[]} problems None when everything is exact.
 * @property {boolean} isVoid A server did what no client can stand: the run says nothing.
 * @property {readonly string[]} evidence
 * @property {number} faults
 * @property {number} lines
 * @property {number} records Output records compared.
 * @property {readonly number[]} takeovers In milliseconds.
 * @property {number} seconds
 */

/** Of five crashes of a broker about one makes a run void; this many in a row will not. */
const ATTEMPTS_MAX = 5

/**
 * Runs word counts under load, lets the scenario hurt them, and compares what they have made of it with the input. A void run is
 * made again.
 *
 * @param {Scenario} scenario @param {ScenarioOptions} options
 * @returns {Promise<Result>}
 */
export async function runScenario(scenario, options) {
  if (scenario.perform) return scenario.perform(options)
  for (let attempt = 1; ; attempt++) {
    const result = await runOnce(scenario, options)
    if (!result.isVoid || attempt === ATTEMPTS_MAX) return result
    options.say(`void, once more: ${result.problems.join('; ')}`)
  }
}

/** @param {Scenario} scenario @param {ScenarioOptions} options @returns {Promise<Result>} */
async function runOnce(scenario, options) {
  const { servers, seed, linesPerSecond = 2_000 } = options
  const startedAt = performance.now()
  const id = `integrity-${scenario.name}-${Math.random().toString(36).slice(2, 8)}`
  const application = new Application(servers, id, scenario.guarantee ?? 'exactly_once')
  const run = new Run({ ...options, application, linesPerSecond, seed })
  /** @type {string[]} */
  let problems = []
  let records = 0
  let isVoid = false
  try {
    await application.create()
    await actUnderLoad(scenario, run, scenario.processes ?? options.processes)
    ;({ problems, records } = await compare(run))
    problems.push(...(await stopAll(run)))
  } catch (error) {
    isVoid = error instanceof VoidRunError
    problems = [describe(error), ...(await compareAnyway(run))]
  }
  const mustKeep = problems.length > 0 || options.keep
  const evidence = mustKeep ? await collectEvidence(run, problems) : []
  await run.fleet.killAll()
  await (problems.length > 0 ? application.close() : application.drop())
  return {
    ...{ name: scenario.name, problems, isVoid, evidence, records },
    ...{ faults: run.faults, lines: run.feeder.lines, takeovers: run.takeovers.times },
    seconds: (performance.now() - startedAt) / 1000,
  }
}

/** @param {Scenario} scenario @param {Run} run @param {number} processes */
async function actUnderLoad(scenario, run, processes) {
  for (let i = 0; i < processes; i++) run.fleet.start()
  await run.feeder.start()
  try {
    await run.fleet.untilBusy()
    run.say(`${processes} instances are busy`)
    await scenario.act?.(run)
    await run.takeovers.settled()
  } finally {
    await run.feeder.stop()
  }
  if (run.feeder.failure) throw new Error('the feeder failed', { cause: run.feeder.failure })
}

/** @param {Run} run */
async function compare(run) {
  const { application, feeder, servers } = run
  run.say(`${feeder.lines} lines fed, waiting until they are counted`)
  await untilQuiet(run)
  const rows = await application.tables.counts()
  const output = await readCommitted(servers.brokers, application.output)
  run.say(`comparing ${rows.length} words and ${output.length} output records`)
  const problems = [
    ...compareCounts(feeder.expected, rows),
    ...checkOutput(output, rows, { mayRepeat: !application.isExactlyOnce }),
  ]
  return { problems, records: output.length }
}

/** After a failure in the middle, what is wrong with the table already says more than the failure. @param {Run} run */
async function compareAnyway({ application, feeder }) {
  try {
    const all = compareCounts(feeder.expected, await application.tables.counts())
    return all.filter((problem) => !problem.endsWith('lost'))
  } catch {
    return []
  }
}

/** Every instance ends in order when it is asked to. @param {Run} run */
async function stopAll({ fleet }) {
  const endings = await Promise.all(
    fleet.alive.map(async (worker) => ({ name: worker.name, ending: await worker.stop() })),
  )
  return endings.flatMap(({ name, ending }) =>
    ending === 'exit code 0' ? [] : [`${name} was stopped by SIGTERM and ended with ${ending}`],
  )
}

/** @param {unknown} error @returns {string} */
function describe(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause ? `${error.message}: ${describe(error.cause)}` : error.message
}
