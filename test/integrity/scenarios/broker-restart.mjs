/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 */

/**
 * The only broker goes and comes back.
 *
 * @type {Scenario}
 */
export const brokerRestart = {
  name: 'broker-restart',
  restartsKafka: true,
  act: restartBroker,
}

/** @type {Scenario} */
export const atLeastOnceBrokerRestart = {
  ...brokerRestart,
  name: 'at-least-once-broker-restart',
  guarantee: 'at_least_once',
}

/** @param {Run} run */
async function restartBroker(run) {
  const rounds = Math.max(1, Math.ceil(run.kills / 10))
  for (let i = 0; i < rounds; i++) {
    await run.fleet.untilBusy()
    const startedAt = performance.now()
    await run.servers.restartKafka?.()
    run.faults++
    run.say(`the broker was away for ${Math.round(performance.now() - startedAt)} ms`)
    await run.fleet.untilBusy()
  }
}
