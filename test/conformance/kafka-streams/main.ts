/**
 * Runs a file of scenarios, one a line, and prints a result a line in the form of the oracle.
 *
 * `--restarts SEED`: restarts the application after records at random, losing what is not committed · `--commits SEED`: commits
 * every 2 to 50 records, with caches on · `--postgres URL`: on PostgreSQL in place of memory · `--limit-ms N`: how long one
 * scenario may take (default: 30,000).
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ScenarioThread } from './scenario-thread.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    restarts: { type: 'string' },
    commits: { type: 'string' },
    postgres: { type: 'string' },
    'limit-ms': { type: 'string', default: '30000' },
  },
})

const [file] = positionals
if (file === undefined) throw new TypeError('usage: npm run conformance -- FILE')
const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')

const { 'limit-ms': limitMs, ...setup } = values
const thread = new ScenarioThread(setup, Number(limitMs))
for (const [index, line] of lines.entries())
  process.stdout.write(`${await thread.resultOf({ line, index })}\n`)
await thread.close()
