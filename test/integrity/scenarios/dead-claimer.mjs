/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 * @typedef {import('../harness/worker-process.mjs').WorkerProcess} WorkerProcess
 */

/**
 * An owner dies with an undecided Kafka transaction; its heir dies as well, after its claim and before it has fenced the
 * first. Who comes third must fence the first one's transactional id all the same.
 *
 * @type {Scenario}
 */
export const deadClaimer = {
  name: 'dead-claimer',
  act: async (run) => {
    const rounds = Math.max(2, Math.ceil(run.kills / 5))
    for (let i = 0; i < rounds; i++) {
      await killOwnerAndHeir(run)
      run.faults += 2
    }
  },
}

/** @param {Run} run */
async function killOwnerAndHeir(run) {
  const { fleet } = run
  await fleet.untilBusy()
  const owner = await fleet.victimAt('end-txn')
  const heirs = fleet.alive.filter((worker) => worker !== owner)
  const claimed = await claimsSince(run, owner, heirs)
  for (const heir of heirs) heir.arm('claimed')
  run.say(`killing ${owner.name} at end-txn`)
  await owner.kill()
  run.takeovers.expect(owner.tasks)
  const { heir, tasks } = await fleet.until(
    'an heir claims tasks of the dead owner',
    30_000,
    claimed,
  )
  run.say(`killing ${heir.name} between its claim of ${tasks.join(' ')} and its fence`)
  await heir.kill()
  run.takeovers.expect(heir.tasks)
  for (const rest of heirs) rest.goOn()
  fleet.start()
  fleet.start()
  await run.takeovers.settled()
}

/**
 * Finds, from now on, an heir that is held after a claim of tasks of the owner. Who owns a row says the instance in it: an heir's
 * is that of the tasks that it has now.
 *
 * @param {Run} run @param {WorkerProcess} owner @param {readonly WorkerProcess[]} heirs
 */
async function claimsSince({ application }, owner, heirs) {
  const before = new Map((await application.tables.tasks()).map((row) => [row.task, row]))
  const instances = heirs.map((heir) => before.get(heir.tasks[0] ?? '')?.instance)
  return async () => {
    const rows = await application.tables.tasks()
    const found = heirs.map((heir, index) => ({
      heir,
      tasks: rows
        .filter(({ task, instance }) => owner.tasks.includes(task) && instance === instances[index])
        .filter(({ task, epoch }) => epoch > (before.get(task)?.epoch ?? epoch))
        .map(({ task }) => task),
    }))
    return found.find(({ heir, tasks }) => heir.isHeldAt('claimed') && tasks.length > 0)
  }
}
