import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {import('./run.mjs').Run} Run */

const cache = fileURLToPath(new URL('../../../.cache/integrity', import.meta.url))
const PROBLEMS_SHOWN = 10
const LOG_LINES_SHOWN = 12

/**
 * Keeps what is needed to understand a failure in a folder below `.cache`, and answers the most telling part of it.
 *
 * @param {Run} run @param {readonly string[]} problems
 * @returns {Promise<string[]>}
 */
export async function collectEvidence(run, problems) {
  const { application, fleet } = run
  const folder = join(cache, application.id)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'problems.txt'), problems.join('\n'))
  for (const { name, log } of fleet.all) {
    writeFileSync(join(folder, `${name.replace(' ', '-')}.log`), log.all.join('\n'))
  }
  const rows = await application.tables.tasks().catch(() => [])
  const tasks = rows.map((row) => JSON.stringify(row))
  writeFileSync(join(folder, 'tasks.txt'), tasks.join('\n'))
  return [
    ...problems.slice(0, PROBLEMS_SHOWN),
    ...(problems.length > PROBLEMS_SHOWN ? [`… and ${problems.length - PROBLEMS_SHOWN} more`] : []),
    ...fleet.all.filter((worker) => worker.hasFailed || !worker.hasExited).flatMap(tailOf),
    `everything is in .cache/integrity/${application.id}`,
  ]
}

/** @param {import('./worker-process.mjs').WorkerProcess} worker */
function tailOf(worker) {
  const state = worker.hasExited
    ? worker.ending
    : `${worker.state}, tasks ${worker.tasks.join(' ')}`
  const lines = worker.log.last(LOG_LINES_SHOWN).map((line) => `    ${line.slice(0, 400)}`)
  return [`${worker.name} (${state}):`, ...lines]
}
