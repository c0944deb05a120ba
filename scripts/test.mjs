/**
 * `npm test -- [--no-build] [PROJECT...] [-- JEST ARGUMENT...]`: builds, starts the servers once, runs the test
 * projects and ends with one line, `N passed, N failed, N skipped`.
 *
 * Only Node's own modules are imported before node_modules is known to exist.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeFailures, readCounts } from './jest-results.mjs'
import { isInstalled } from './ready.mjs'

/**
 * @typedef {object} Project
 * @property {string} name
 * @property {boolean} needsServers
 * @property {number} timeoutMs Of one test.
 * @property {string} workers Tests that share two servers gain nothing from more.
 *
 * @typedef {import('./jest-results.mjs').Counts} Counts
 */

/** @type {Project[]} */
const projects = [
  { name: 'unit', needsServers: false, timeoutMs: 20_000, workers: '50%' },
  { name: 'conformance', needsServers: false, timeoutMs: 30_000, workers: '2' },
  { name: 'integration', needsServers: true, timeoutMs: 60_000, workers: '2' },
  { name: 'integrity', needsServers: true, timeoutMs: 300_000, workers: '1' },
]

/** The name of no test. */
const noTest = '(?!)'
/** A guess: what Jest may take to end once its results are written. */
const jestExitGraceMs = 30_000

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const results = mkdtempSync(join(tmpdir(), 'rowstream-test-'))
process.on('exit', () => {
  signalJest('SIGKILL')
  rmSync(results, { recursive: true, force: true })
})

/**
 * Failed tests, told once more at the end.
 *
 * @type {string[]}
 */
const failures = []
/** @type {import('node:child_process').ChildProcess | undefined} */
let runningJest
/** @type {import('./servers/servers.mjs').Servers | undefined} */
let servers
let isInterrupted = false

for (const [signal, number] of /** @type {const} */ ([
  ['SIGINT', 2],
  ['SIGTERM', 15],
])) {
  process.on(signal, () => {
    if (isInterrupted) return
    isInterrupted = true
    void interrupt().finally(() => process.exit(128 + number))
  })
}

await main()

async function main() {
  const isBuildOff = process.argv[2] === '--no-build'
  const [chosen, jestArguments] = parseArguments(process.argv.slice(isBuildOff ? 3 : 2))
  if (!isInstalled() && !succeeds('npm', ['ci', '--no-audit', '--no-fund'])) finish([failure()])
  // Only tests with servers start built services.
  const needsBuild = chosen.some(({ needsServers }) => needsServers) && !isBuildOff
  if (needsBuild && !succeeds(process.execPath, [join(root, 'scripts', 'build.mjs')])) {
    console.log('the build failed')
    finish([failure()])
  }

  const found = await findServers(chosen)
  const missing = found && 'reason' in found ? found.reason : undefined
  if (found && 'stop' in found) {
    servers = found
    console.log(`servers: ${found.description}`)
    if (found.withoutRegistry)
      console.log(`SKIPPED, tests with a schema registry: ${found.withoutRegistry}`)
  }
  const withoutPooler = await missingPooler(chosen)
  if (withoutPooler !== undefined)
    console.log(`SKIPPED, tests behind a connection pooler: ${withoutPooler}`)
  /** @type {Counts[]} */
  const counts = []
  for (const project of chosen) {
    if (project.needsServers && missing !== undefined) counts.push(await skip(project, missing))
    else counts.push(await test(project, jestArguments))
  }
  const lacking = missing ?? servers?.withoutRegistry ?? withoutPooler
  if (lacking !== undefined && process.env['CI'] === 'true') {
    console.log(`no servers, which is a failure where CI=true: ${lacking}`)
    counts.push(failure())
  }
  await servers?.stop()
  finish(counts)
}

/**
 * @param {string[]} args
 * @returns {[Project[], string[]]} The projects to run and the arguments for Jest.
 */
function parseArguments(args) {
  const isName = (/** @type {string} */ arg) => projects.some(({ name }) => name === arg)
  const firstOther = args.findIndex((arg) => !isName(arg))
  const names = firstOther === -1 ? args : args.slice(0, firstOther)
  const rest = args.slice(names.length)
  return [
    names.length === 0 ? projects : projects.filter(({ name }) => names.includes(name)),
    rest[0] === '--' ? rest.slice(1) : rest,
  ]
}

/**
 * @param {readonly Project[]} chosen
 * @returns {Promise<import('./servers/servers.mjs').Servers | { reason: string } | undefined>}
 */
async function findServers(chosen) {
  // Conformance suites take the servers too where there are some.
  if (chosen.every(({ name }) => name === 'unit')) return undefined
  const { requireServers } = await import('./servers/servers.mjs')
  try {
    return await requireServers({
      schemaRegistry: chosen.some(({ name }) => name === 'integration'),
    })
  } catch (error) {
    console.log(
      `the servers do not start: ${error instanceof Error ? error.message : String(error)}`,
    )
    return finish([failure()])
  }
}

/**
 * @param {readonly Project[]} chosen
 * @returns {Promise<string | undefined>} Why there is no pooler, where tests would want one.
 */
async function missingPooler(chosen) {
  if (!chosen.some(({ name }) => name === 'integration')) return undefined
  const { missingForPgbouncer } = await import('./servers/pgbouncer.mjs')
  return missingForPgbouncer()
}

/**
 * @param {Project} project
 * @param {readonly string[]} jestArguments
 * @returns {Promise<Counts>}
 */
async function test(project, jestArguments) {
  console.log(`\n=== ${project.name}`)
  return runJest(project, jestArguments)
}

/**
 * @param {Project} project
 * @param {readonly string[]} jestArguments
 * @param {'inherit' | 'ignore'} [report] Where Jest's report goes.
 * @returns {Promise<Counts>}
 */
async function runJest(project, jestArguments, report = 'inherit') {
  const file = join(results, `${project.name}.json`)
  const jest = spawn(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--selectProjects', project.name, '--passWithNoTests', '--json', '--outputFile', file],
      ...['--testTimeout', String(project.timeoutMs), '--maxWorkers', project.workers],
      ...jestArguments,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', report],
      env: { ...process.env, ...servers?.env },
      // A group of its own, so that workers and services of tests can be ended with it.
      detached: true,
    },
  )
  runningJest = jest
  const ended = new Promise((resolve) => jest.once('exit', resolve))
  const didHang = await Promise.race([ended.then(() => false), untilOverdue(file, ended)])
  if (didHang) {
    console.log(`${project.name}: Jest did not end after its last test: something is still open`)
    signalJest('SIGKILL')
  }
  await ended
  signalJest('SIGKILL')
  runningJest = undefined
  // After Ctrl-C the handler ends this process; nothing may be reported before.
  if (isInterrupted) return new Promise(() => undefined)
  const counts = readCounts(file)
  if (counts.failed > 0) failures.push(...describeFailures(file, root))
  const isUnexplained = counts.failed === 0 && jest.exitCode !== 0
  return isUnexplained ? { ...counts, failed: 1 } : counts
}

/**
 * Resolves with true when Jest has written its results long ago and has not ended.
 *
 * @param {string} file
 * @param {Promise<unknown>} ended
 */
async function untilOverdue(file, ended) {
  let hasEnded = false
  void ended.then(() => (hasEnded = true))
  while (!existsSync(file) && !hasEnded) await wait(250)
  await Promise.race([ended, wait(jestExitGraceMs)])
  return !hasEnded
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}

/**
 * Names a project that cannot run, and has Jest count its tests, those of tables included, by asking for none of them.
 *
 * @param {Project} project
 * @param {string} reason
 * @returns {Promise<Counts>}
 */
async function skip(project, reason) {
  const counts = await runJest(project, ['--testNamePattern', noTest], 'ignore')
  console.log(`\n=== ${project.name}: SKIPPED (${counts.skipped} tests): ${reason}`)
  return counts
}

/** @returns {Counts} */
function failure() {
  return { passed: 0, failed: 1, skipped: 0 }
}

/** @param {string} command @param {string[]} args */
function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0
}

/**
 * Prints the closing line, which is always the last one, and exits.
 *
 * @param {readonly Counts[]} counts
 * @returns {never}
 */
function finish(counts) {
  const sum = (/** @type {keyof Counts} */ key) => counts.reduce((n, count) => n + count[key], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  const isEmpty = passed + failed + skipped === 0
  if (isEmpty) console.log('no tests were found, which is a failure')
  for (const described of failures) console.log(`\nFAILED ${described}`)
  process.exitCode = failed > 0 || isEmpty ? 1 : 0
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exit()
}

async function interrupt() {
  const jest = runningJest
  if (jest && jest.exitCode === null && jest.signalCode === null) {
    const ended = new Promise((resolve) => jest.once('exit', resolve))
    signalJest('SIGTERM')
    const timer = setTimeout(() => signalJest('SIGKILL'), 5_000)
    await ended
    clearTimeout(timer)
  }
  signalJest('SIGKILL')
  await servers?.stop()
}

/**
 * Signals Jest and whatever it or its tests have started.
 *
 * @param {NodeJS.Signals} signal
 */
function signalJest(signal) {
  if (runningJest?.pid === undefined) return
  try {
    process.kill(-runningJest.pid, signal)
  } catch (error) {
    // Nothing of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
