/** @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario */

/**
 * Every instance is asked to finish, one after the other, and another one takes its place.
 *
 * @type {Scenario}
 */
export const rollingRestart = {
  name: 'rolling-restart',
  act: async (run) => {
    const { fleet } = run
    const restarts = Math.max(fleet.alive.length, Math.ceil(run.kills / 2))
    for (let i = 0; i < restarts; i++) {
      await fleet.untilBusy()
      const leaver = fleet.alive[0]
      if (!leaver) throw new Error('nobody is left')
      const startedAt = performance.now()
      run.takeovers.expect(leaver.tasks)
      const ending = await leaver.stop()
      const took = Math.round(performance.now() - startedAt)
      if (ending !== 'exit code 0') throw new Error(`${leaver.name} ended with ${ending}`)
      run.say(`${leaver.name} ended in order after ${took} ms`)
      run.faults++
      fleet.start()
    }
    await fleet.untilBusy()
  },
}
