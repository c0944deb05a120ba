/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/worker-process.mjs').TestPoint} TestPoint
 */

/** Where kills hit, in turn: at any moment, or held at a point. A third of them are between COMMIT and EndTxn. */
const EXACTLY_ONCE = /** @type {const} */ (['any', 'end-txn', 'any', 'committed', 'any', 'fenced'])
const AT_LEAST_ONCE = /** @type {const} */ (['any', 'fenced'])

/** @type {Scenario} */
export const randomKills = {
  name: 'random-kills',
  act: (run) => killAtRandom(run, EXACTLY_ONCE),
}

/** @type {Scenario} */
export const atLeastOnceKills = {
  name: 'at-least-once',
  guarantee: 'at_least_once',
  act: (run) => killAtRandom(run, AT_LEAST_ONCE),
}

/** @param {Run} run @param {readonly (TestPoint | 'any')[]} schedule */
async function killAtRandom(run, schedule) {
  for (let kill = 0; run.faults < run.kills; kill++) {
    const point = schedule[run.faults % schedule.length] ?? 'any'
    await run.pause(300, 1_500)
    const victim = await findVictim(run, point)
    const counts = victim.hasCommitted(1_000)
    run.say(
      `kill ${run.faults + 1} of ${run.kills}: ${victim.name} at ${point}${counts ? '' : ' (does not count)'}`,
    )
    await run.killAndReplace(victim)
    if (counts) run.faults++
    // Every other time the next kill meets the takeover of the last one.
    if (kill % 2 === 1) await run.takeovers.settled()
    if (kill > 3 * run.kills) throw new Error('too few kills hit an instance that had committed')
  }
}

/** @param {Run} run @param {TestPoint | 'any'} point */
async function findVictim(run, point) {
  if (point === 'any') return run.fleet.victim()
  const victim = await run.fleet.victimAt(point)
  // Meanwhile its other tasks go on: what is committed and not published piles up. A fence must not wait so long.
  if (point !== 'fenced') await run.pause(0, 150)
  return victim
}
