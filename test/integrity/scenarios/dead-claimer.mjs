/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
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
  for (const heir of heirs) heir.arm('claimed')
  run.say(`killing ${owner.name} at end-txn`)
  await owner.kill()
  run.takeovers.expect(owner.tasks)
  const heir = await fleet.until('an heir claims', 30_000, () =>
    heirs.find((worker) => worker.isHeldAt('claimed')),
  )
  run.say(`killing ${heir.name} between its claim and its fence`)
  await heir.kill()
  run.takeovers.expect(heir.tasks)
  for (const rest of heirs) rest.goOn()
  fleet.start()
  fleet.start()
  await run.takeovers.settled()
}
