/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/worker-process.mjs').TestPoint} TestPoint
 */

/** Where kills hit, in turn: at any moment, or held at a point. A third of them are between COMMIT and EndTxn. */
const EXACTLY_ONCE = /** @type {const} */ (['any', 'end-txn', 'any', 'committed', 'any', 'fenced'])
const AT_LEAST_ONCE = /** @type {const} */ (['any', 'fenced'])

/** What is durable and not published: where exactly-once output is decided. */
const BETWEEN_COMMIT_AND_END = new Set(['end-txn', 'committed'])
/** A full run must have met that at least so often. */
const [FULL_RUN_KILLS, BETWEEN_MIN] = [20, 5]

/** @type {Scenario} */
export const randomKills = {
  name: 'random-kills',
  act: async (run) => {
    const hits = await killAtRandom(run, EXACTLY_ONCE)
    const between = hits.filter((point) => BETWEEN_COMMIT_AND_END.has(point)).length
    run.say(`${between} of ${hits.length} kills hit between COMMIT and EndTxn`)
    if (run.kills >= FULL_RUN_KILLS && between < BETWEEN_MIN)
      throw new Error(`only ${between} kills hit between COMMIT and EndTxn`)
  },
}

/** @type {Scenario} */
export const atLeastOnceKills = {
  name: 'at-least-once',
  guarantee: 'at_least_once',
  act: async (run) => {
    await killAtRandom(run, AT_LEAST_ONCE)
  },
}

/**
 * @param {Run} run @param {readonly (TestPoint | 'any')[]} schedule
 * @returns {Promise<(TestPoint | 'any')[]>} Where the kills hit that count.
 */
async function killAtRandom(run, schedule) {
  /** @type {(TestPoint | 'any')[]} */
  const hits = []
  for (let kill = 0; run.faults < run.kills; kill++) {
    const point = schedule[run.faults % schedule.length] ?? 'any'
    await run.pause(300, 1_500)
    const victim = await findVictim(run, point)
    const counts = victim.hasCommitted(1_000)
    run.say(
      `kill ${run.faults + 1} of ${run.kills}: ${victim.name} at ${point}${counts ? '' : ' (does not count)'}`,
    )
    await run.killAndReplace(victim)
    if (counts) run.faults = hits.push(point)
    // Every other time the next kill meets the takeover of the last one.
    if (kill % 2 === 1) await run.takeovers.settled()
    if (kill > 3 * run.kills) throw new Error('too few kills hit an instance that had committed')
  }
  return hits
}

/** @param {Run} run @param {TestPoint | 'any'} point */
async function findVictim(run, point) {
  if (point === 'any') return run.fleet.victim()
  const victim = await run.fleet.victimAt(point)
  // Meanwhile its other tasks go on: what is committed and not published piles up. A fence must not wait so long.
  if (point !== 'fenced') await run.pause(0, 150)
  return victim
}
