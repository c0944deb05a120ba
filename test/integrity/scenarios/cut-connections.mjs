/**
 * @typedef {import('../harness/run.mjs').Run} Run
 * @typedef {import('../harness/run-scenario.mjs').Scenario} Scenario
 */

/**
 * The database ends all connections of the application, again and again: between fence and COMMIT, at COMMIT, and in the
 * middle of anything.
 *
 * @type {Scenario}
 */
export const cutConnections = {
  name: 'cut-connections',
  act: async (run) => {
    const rounds = [cutBeforeCommit, cutAtCommit, cutRepeatedly]
    for (let i = 0; i < Math.max(rounds.length, run.kills); i++) {
      await rounds[i % rounds.length]?.(run)
      run.faults++
      await run.pause(0, 300)
    }
    await run.fleet.untilBusy()
  },
}

/** @param {Run} run */
async function cutBeforeCommit(run) {
  const worker = await run.fleet.victimAt('fenced')
  const cut = await cutSome(run)
  worker.goOn()
  run.say(`cut ${cut} connections while ${worker.name} was between fence and COMMIT`)
}

/** @param {Run} run */
async function cutAtCommit(run) {
  const worker = await run.fleet.victimAt('fenced')
  worker.goOn()
  await run.pause(0, 15)
  const cut = await cutSome(run)
  run.say(`cut ${cut} connections just after ${worker.name} went on from its fence`)
}

/** @param {Run} run */
async function cutRepeatedly(run) {
  await run.fleet.victim()
  let cut = 0
  for (let i = 0; i < 5; i++) {
    cut += await run.application.tables.cutConnections()
    await run.pause(0, 60)
  }
  if (cut === 0) throw new Error('there was no connection to cut in five turns')
  run.say(`cut ${cut} connections in five turns`)
}

/** A cut of nothing is no fault. @param {Run} run */
async function cutSome({ application }) {
  const cut = await application.tables.cutConnections()
  if (cut === 0) throw new Error('there was no connection to cut')
  return cut
}
