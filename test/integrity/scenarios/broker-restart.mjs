/** @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario */

/**
 * The only broker goes and comes back.
 *
 * @type {Scenario}
 */
export const brokerRestart = {
  name: 'broker-restart',
  restartsKafka: true,
  act: async (run) => {
    const rounds = Math.max(1, Math.ceil(run.kills / 10))
    for (let i = 0; i < rounds; i++) {
      await run.fleet.untilBusy()
      const startedAt = performance.now()
      await run.servers.restartKafka?.()
      run.faults++
      run.say(`the broker was away for ${Math.round(performance.now() - startedAt)} ms`)
      await run.fleet.untilBusy()
    }
  },
}
