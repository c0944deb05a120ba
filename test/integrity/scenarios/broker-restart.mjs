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
  act: (run) => restartBroker(run, run.servers.restartKafka),
}

/** It is killed, with transactions open and nothing said to anybody. @type {Scenario} */
export const brokerCrash = {
  ...brokerRestart,
  name: 'broker-crash',
  act: (run) => restartBroker(run, run.servers.crashKafka),
}

/** @type {Scenario} */
export const atLeastOnceBrokerRestart = {
  ...brokerRestart,
  name: 'at-least-once-broker-restart',
  guarantee: 'at_least_once',
}

/** @param {Run} run @param {(() => Promise<void>) | undefined} restart */
async function restartBroker(run, restart) {
  if (!restart) throw new Error('the broker is not ours to restart')
  const rounds = Math.max(1, Math.ceil(run.kills / 10))
  for (let i = 0; i < rounds; i++) {
    await run.fleet.untilBusy()
    const startedAt = performance.now()
    await restart()
    run.faults++
    run.say(`the broker was away for ${Math.round(performance.now() - startedAt)} ms`)
    await run.fleet.untilBusy()
  }
}
