/**
 * `npm run integrity -- [--kills 20] [--scenario NAME]... [--seed N] [--processes 3] [--backlog N] [--keep] [--no-build]`: hurts running word
 * counts in every way that matters, on a real broker and database of its own, and compares what they have counted with the
 * input. Ends with one line, `N passed, N failed, N skipped`.
 *
 * Only Node's own modules are imported before node_modules is known to exist.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isInstalled } from './ready.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    processes: { type: 'string', default: '3' },
    scenario: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    backlog: { type: 'string', default: '1500000' },
    keep: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
})

const kills = wholeNumber('kills', 1)
const processes = wholeNumber('processes', 2)
const seed = wholeNumber('seed', 0)
const backlog = wholeNumber('backlog', 1)

if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund'])
if (!values['no-build']) run(process.execPath, [join(root, 'scripts', 'build.mjs')])

const { scenarios } = await import('../test/integrity/scenarios/scenarios.mjs')
const { runScenario } = await import('../test/integrity/harness/run-scenario.mjs')
const { resultLine, resultTable } = await import('../test/integrity/harness/result-table.mjs')
const { missingForReader } = await import('../test/integrity/harness/read-committed.mjs')
const { ownServers } = await import('../test/integrity/harness/own-servers.mjs')

const unknown = values.scenario.filter((name) => scenarios.every((one) => one.name !== name))
if (unknown.length > 0) {
  console.error(
    `no scenario ${unknown.join(', ')}; there are ${scenarios.map((one) => one.name).join(', ')}`,
  )
  process.exit(2)
}
const chosen = scenarios.filter(
  ({ name }) => values.scenario.length === 0 || values.scenario.includes(name),
)

const missing = missingForReader()
if (missing !== undefined) {
  console.log(`SKIPPED: ${missing}\n\n0 passed, 0 failed, ${chosen.length} skipped`)
  process.exit(process.env['CI'] === 'true' ? 1 : 0)
}
const servers = await ownServers()
console.log(`servers: ${servers.description}; seed ${seed}`)
/** @type {import('../test/integrity/harness/run-scenario.mjs').Result[]} */
const results = []
let skipped = 0
for (const scenario of chosen) {
  if (scenario.restartsKafka && !servers.restartKafka) {
    console.log(`${scenario.name}: SKIPPED: the broker is not ours to restart`)
    skipped++
    continue
  }
  console.log(`\n=== ${scenario.name}`)
  const result = await runScenario(scenario, {
    servers,
    ...{ seed, kills, processes, backlog },
    keep: values.keep,
    say: (line) => console.log(`  ${line}`),
  })
  results.push(result)
  console.log(resultLine(result))
  for (const line of result.evidence) console.log(`  ${line}`)
}
await servers.stop()

console.log(`\n${resultTable(results)}`)
const failed = results.filter(({ problems }) => problems.length > 0).length
console.log(`\n${results.length - failed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 ? 1 : 0)

/**
 * What is no number would make no faults, and nothing would fail.
 *
 * @param {'kills' | 'processes' | 'seed' | 'backlog'} name @param {number} least
 */
function wholeNumber(name, least) {
  const text = values[name]
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text)
  console.error(`--${name} is '${text}', not a whole number from ${least} on`)
  return process.exit(2)
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status === 0) return
  console.log('\n0 passed, 1 failed, 0 skipped')
  process.exit(1)
}
