import { VoidRunError } from '../harness/void-run-error.mjs'

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
  act: (run) => restartBroker(run, () => crashBroker(run)),
}

/** @type {Scenario} */
export const atLeastOnceBrokerRestart = {
  ...brokerRestart,
  name: 'at-least-once-broker-restart',
  guarantee: 'at_least_once',
}

/**
 * A transaction that was being committed when the only broker died may never be decided by Kafka itself: its readers wait for
 * ever, and so does who takes its tasks over. Nothing about rowstream can be told from such a run.
 *
 * @param {Run} run
 */
async function crashBroker({ servers }) {
  const crashed = await servers.crashKafka?.()
  if (crashed?.hasSkippedMarkers)
    throw new VoidRunError('the broker has left a transaction undecided for good')
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
