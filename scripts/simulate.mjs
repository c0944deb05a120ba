/**
 * `npm run simulate -- [--seed N] [--runs M] [--log] [--without RULE]`: an application of several instances on a broker and a
 * database in memory that fail it, under one seeded scheduler and a virtual clock; see docs/simulation.md.
 *
 * `--without RULE`, one of test/simulation/mutants.mjs: the same with a rule of the protocol taken out of the compiled code; passes when
 * that is found out within the runs (200 unless said). `--without all`: each in turn.
 */
import { spawn } from 'node:child_process'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isInstalled, isOutOfDate, run } from './ready.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const built = join('build', 'simulation')

/** How a run ends that has found something. */
const VIOLATION = 2

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    log: { type: 'boolean', default: false },
    without: { type: 'string' },
  },
})
const seed = wholeNumber('seed', values.seed)
const runs = wholeNumber('runs', values.runs ?? '1')
/** In how many schedules a rule that is missing has to be found out, unless it is said. */
const MUTANT_RUNS = 200

if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund'])
if (isOutOfDate([built], ['src', join('test', 'simulation'), join('test', 'support')])) {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  run(process.execPath, [tsc, '-p', join(root, 'tsconfig.simulation.json')])
}

const { mutants } = await import('../test/simulation/mutants.mjs')
const isRight = await (values.without === undefined
  ? simulateAll()
  : simulateMutants(values.without))
process.exitCode = isRight ? 0 : 1

/** Shares the schedules out among the processors. */
async function simulateAll() {
  const startedAt = performance.now()
  const jobs = Math.min(runs, availableParallelism())
  const shares = Array.from({ length: jobs }, (_, job) => {
    const [from, to] = [job, job + 1].map((part) => seed + Math.floor((runs * part) / jobs))
    return simulate(built, ['--seed', String(from), '--runs', String(Number(to) - Number(from))])
  })
  const statuses = await Promise.all(shares)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  const isExact = statuses.every((status) => status === 0)
  console.log(`\n${runs} schedules in ${seconds} s: ${isExact ? 'all exact' : 'NOT all exact'}`)
  return isExact
}

/** @param {string} chosen */
async function simulateMutants(chosen) {
  const names = chosen === 'all' ? Object.keys(mutants) : [chosen]
  const missed = []
  for (const name of names) {
    console.log(`\n=== without ${name}`)
    const most = values.runs === undefined ? (mutants[name]?.runs ?? MUTANT_RUNS) : runs
    const options = ['--seed', String(seed), '--runs', String(most), '--until-failure']
    if ((await simulate(mutated(name), options)) !== VIOLATION) missed.push(name)
  }
  const found = names.length - missed.length
  console.log(
    `\nfound out: ${found} of ${names.length}${missed.map((name) => `; NOT ${name}`).join('')}`,
  )
  return missed.length === 0
}

/**
 * A copy of what was built, with a rule taken out.
 *
 * @param {string} name
 */
function mutated(name) {
  const mutant = mutants[name]
  if (!mutant) throw new TypeError(`no rule ${name}; there are ${Object.keys(mutants).join(', ')}`)
  const copy = join('build', `simulation-without-${name}`)
  rmSync(join(root, copy), { recursive: true, force: true })
  cpSync(join(root, built), join(root, copy), { recursive: true })
  const file = join(root, copy, mutant.file)
  const code = readFileSync(file, 'utf8')
  if (code.split(mutant.find).length !== 2)
    throw new TypeError(`${mutant.file} does not have '${mutant.find}' once: mend mutants.mjs`)
  writeFileSync(
    file,
    code.replace(mutant.find, () => mutant.replacement),
  )
  return copy
}

/**
 * Runs what was built, and answers with how it ended.
 *
 * @param {string} folder
 * @param {string[]} options
 * @returns {Promise<number>}
 */
function simulate(folder, options) {
  const main = join(root, folder, 'test', 'simulation', 'main.js')
  const own = ['--enable-source-maps', main, ...options, ...(values.log ? ['--log'] : [])]
  const child = spawn(process.execPath, own, { stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)))
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new TypeError(`--${name} is '${text}', not a whole number`)
}
