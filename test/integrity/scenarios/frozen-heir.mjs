/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/worker-process.mjs').WorkerProcess} WorkerProcess
 * @typedef {import('../harness/worker-process.mjs').TestPoint} TestPoint
 */

/** In the middle of what a takeover reads, between claim and fence, and anywhere after that. */
const POINTS = /** @type {const} */ (['ranges', 'claimed', 'any'])

/**
 * An owner dies, and an heir freezes somewhere in the middle of its takeover, for longer than the session timeout. When it
 * wakes up, half of what it has read is old: it must not take that for a damaged database.
 *
 * @type {Scenario}
 */
export const frozenHeir = {
  name: 'frozen-heir',
  act: async (run) => {
    const rounds = Math.max(POINTS.length, Math.ceil(run.kills / 2))
    for (let i = 0; i < rounds; i++) {
      await killOwnerAndFreezeHeir(run, POINTS[i % POINTS.length] ?? 'any')
      run.faults += 2
    }
  },
}

/** @param {Run} run @param {TestPoint | 'any'} point */
async function killOwnerAndFreezeHeir(run, point) {
  const { fleet } = run
  await fleet.untilBusy()
  const owner = await fleet.victimAt('end-txn')
  await owner.kill()
  run.takeovers.expect(owner.tasks)
  const heir = await (point === 'any' ? freezeAfterClaim(run) : freezeAt(run, point))
  run.say(`killed ${owner.name} at end-txn, froze ${heir.name} in its takeover at ${point}`)
  fleet.start()
  await run.takeovers.settled()
  heir.goOn()
  const wokenAt = Date.now()
  heir.thaw()
  await fleet.until(`${heir.name} works again after it was frozen`, 45_000, () => {
    return heir.committedAt > wokenAt + 500 && heir.hasCommitted(1_000)
  })
}

/** @param {Run} run */
async function freezeAfterClaim(run) {
  const heir = await firstAt(run, 'claimed')
  heir.goOn()
  await run.pause(0, 120)
  heir.freeze()
  return heir
}

/** @param {Run} run @param {TestPoint} point */
async function freezeAt(run, point) {
  const heir = await firstAt(run, point)
  heir.freeze()
  return heir
}

/** The first instance that gets to a point; the others go on. @param {Run} run @param {TestPoint} point @returns {Promise<WorkerProcess>} */
async function firstAt({ fleet }, point) {
  const heirs = fleet.alive
  for (const heir of heirs) heir.arm(point)
  const first = await fleet.until(`an heir reaches ${point}`, 30_000, () =>
    heirs.find((worker) => worker.isHeldAt(point)),
  )
  for (const heir of heirs) if (heir !== first) heir.goOn()
  return first
}
