/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/worker-process.mjs').WorkerProcess} WorkerProcess
 * @typedef {import('../harness/worker-process.mjs').TestPoint} TestPoint
 */

const POINTS = /** @type {const} */ (['any', 'fenced', 'end-txn', 'committed'])

/** What an instance logs when a write of it, or its producer, was fenced. */
const FENCED = /tasks are owned by a newer epoch|claiming all tasks again/

/**
 * An owner freezes for longer than the session timeout and wakes up as a zombie: it has to find out that it is one, and
 * come back as an honest member.
 *
 * @type {Scenario}
 */
export const frozenOwner = {
  name: 'frozen-owner',
  act: async (run) => {
    const freezes = Math.max(POINTS.length, Math.ceil(run.kills / 2))
    for (let i = 0; i < freezes; i++) {
      await freezeAt(run, POINTS[i % POINTS.length] ?? 'any')
      run.faults++
    }
  },
}

/** @param {Run} run @param {TestPoint | 'any'} point */
async function freezeAt(run, point) {
  await run.fleet.untilBusy()
  await run.pause(0, 500)
  const zombie = await (point === 'any' ? run.fleet.victim() : run.fleet.victimAt(point))
  run.say(`freezing ${zombie.name} at ${point}, tasks ${zombie.tasks.join(' ')}`)
  zombie.freeze()
  run.takeovers.expect(zombie.tasks)
  await run.takeovers.settled()
  await run.pause(0, 500)
  // It finds the word to go on when it wakes up, and goes straight on with what it was about to do.
  if (point !== 'any') zombie.goOn()
  await wake(run, zombie)
}

/** @param {Run} run @param {WorkerProcess} zombie */
async function wake(run, zombie) {
  const { fleet } = run
  const [wokenAt, logged] = [Date.now(), zombie.log.count]
  zombie.thaw()
  const fence = await fleet.until(`${zombie.name} finds out that it was fenced`, 30_000, () =>
    zombie.log.findAfter(logged, FENCED),
  )
  run.say(`${zombie.name} was fenced: ${/"message":"([^"]*)"/.exec(fence)?.[1] ?? fence}`)
  await fleet.until(`${zombie.name} works again after it was frozen`, 30_000, () => {
    return zombie.committedAt > wokenAt + 500 && zombie.hasCommitted(1_000)
  })
}
