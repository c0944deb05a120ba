/**
 * Runs a file of scenarios, one a line, and prints a result a line in the form of the oracle.
 *
 * `--restarts SEED`: restarts the application after records at random, losing what is not committed · `--commits SEED`: commits
 * every 2 to 50 records, with caches on · `--postgres URL`: on PostgreSQL in place of memory.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { StreamsError } from '../../../src/errors/streams-error.ts'
import { postgres } from '../../../src/database/postgres/index.ts'
import { runScenario, type RunOptions } from './run-scenario.ts'
import { createRandom } from '../../support/random.ts'
import type { Scenario } from './scenario.ts'
import { UnsupportedError } from './unsupported-error.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    restarts: { type: 'string' },
    commits: { type: 'string' },
    postgres: { type: 'string' },
  },
})

const [file] = positionals
if (file === undefined) throw new TypeError('usage: npm run conformance -- FILE')
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
for (const [index, line] of lines.entries())
  process.stdout.write(`${JSON.stringify(await resultOf(line, index))}\n`)

/** Whatever happens to one scenario is its result. */
async function resultOf(line: string, index: number): Promise<object> {
  const scenario = JSON.parse(line) as Scenario
  const { id } = scenario
  try {
    return { id, ...(await runScenario(scenario, optionsOf(index))) }
  } catch (error) {
    if (error instanceof UnsupportedError) return { id, unsupported: error.message }
    const message = error instanceof Error ? error.message : String(error)
    const kind =
      StreamsError.is(error) && error.code === 'TOPOLOGY_INVALID' ? 'topology' : 'unexpected'
    return { id, outputs: [], error: { step: -1, kind, message } }
  }
}

function optionsOf(index: number): RunOptions {
  const { restarts, commits, postgres: url } = values
  return {
    ...(url && { database: postgres({ url }), schema: `conformance_${index}` }),
    ...(restarts && { restarts: createRandom(Number(restarts) + index) }),
    ...(commits && { commits: createRandom(Number(commits) + index) }),
  }
}
