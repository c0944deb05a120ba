/**
 * Behind `npm run simulate`: runs the schedules of some seeds, one after the other, and tells those in which something was not as it has
 * to be. `--log` prints what the instances said; `--until-failure` ends with the first such schedule.
 */
import { parseArgs } from 'node:util'
import { runSchedule, type ScheduleResult } from './run-schedule.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1' },
    log: { type: 'boolean', default: false },
    'until-failure': { type: 'boolean', default: false },
  },
})
const first = Number(values.seed)
const runs = Number(values.runs)
const startedAt = performance.now()
let done = 0
let failed = 0
let steps = 0
for (let seed = first; seed < first + runs; seed++) {
  const result = await runSchedule(seed)
  done++
  steps += result.steps
  if (result.problems.length > 0) failed++
  if (result.problems.length > 0 || values.log) print(result)
  if (failed > 0 && values['until-failure']) break
}
if (!(await isReplayed(first))) {
  console.log(`seed ${first} did not run the same way twice`)
  failed++
}
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
console.log(`${done} schedules from ${first}: ${failed} failed, ${steps} steps, ${seconds} s`)
// Not 1, which is what any other error ends with.
process.exitCode = failed > 0 ? 2 : 0

/** A seed that fails is worth something only if it fails again. */
async function isReplayed(seed: number): Promise<boolean> {
  const [one, other] = [await runSchedule(seed), await runSchedule(seed)]
  return one.fingerprint === other.fingerprint && one.steps === other.steps
}

function print({
  seed,
  problems,
  lines,
  steps: taken,
  virtualMs,
  fingerprint,
}: ScheduleResult): void {
  if (values.log) for (const line of lines) console.log(`  ${line}`)
  const verdict = problems.length > 0 ? 'FAILED' : 'exact'
  console.log(
    `seed ${seed}: ${verdict}, ${taken} steps, ${Math.round(virtualMs)} ms, ${fingerprint}`,
  )
  for (const problem of problems) console.log(`  ${problem}`)
}
