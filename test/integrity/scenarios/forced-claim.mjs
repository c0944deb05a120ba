import { pick } from '../harness/random.mjs'

/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 */

/**
 * Another owner takes one of the four tasks of a live instance, and is never heard of again. The instance has to let go of
 * that task alone, and to claim it anew since the group still gives it to no one else.
 *
 * @type {Scenario}
 */
export const forcedClaim = {
  name: 'forced-claim',
  processes: 4,
  act: async (run) => {
    const rounds = Math.max(2, Math.ceil(run.kills / 2))
    for (let i = 0; i < rounds; i++) {
      await takeOneTask(run, { fence: i % 2 === 1 })
      run.faults++
    }
  },
}

/** @param {Run} run @param {{ fence: boolean }} options Whether the other owner gets as far as to fence the producer. */
async function takeOneTask(run, { fence }) {
  const { tables } = run.application
  await run.fleet.untilBusy()
  await run.pause(0, 300)
  const owner = await run.fleet.victim()
  const task = pick(run.random, owner.tasks)
  const epoch = await tables.takeByForce(task)
  run.say(`took ${task} of ${owner.name} by force${fence ? ', and fenced its producer' : ''}`)
  run.takeovers.expect([task])
  if (fence) await fenceProducer(run, task)
  await run.fleet.until(`${task} is claimed anew`, 30_000, async () =>
    (await tables.tasks()).some((row) => row.task === task && row.epoch > epoch),
  )
  await run.takeovers.settled()
}

/** @param {Run} run @param {string} task */
async function fenceProducer({ application }, task) {
  const row = (await application.tables.tasks()).find((one) => one.task === task)
  if (!row?.transactionalId) return
  const producer = application.kafka.producer({
    transactionalId: row.transactionalId,
    ...{ idempotent: true, maxInFlightRequests: 1, transactionTimeout: 10_000 },
  })
  await producer.connect()
  // InitProducerId comes with the first transaction.
  const transaction = await producer.transaction()
  await transaction.abort()
  await producer.disconnect()
}
