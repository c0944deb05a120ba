import { setTimeout as sleep } from 'node:timers/promises'
import { createTopic, freshName } from '../lab/topics.mjs'
import { timeoutMs } from '../measure/work.mjs'

/** @typedef {import('../lab/child.mjs').Child} Child */
/** @typedef {import('../sides/sides.mjs').Side} Side */
/** @typedef {import('../sides/sides.mjs').Run} Run */

/** The default of Java's consumer is 45 s, rowstream's 10 s: neither is what is measured. */
export const SESSION_TIMEOUT_MS = 6_000
/** How soon a member hears that another has left; the default of Java's consumer is 3 s, rowstream's 0.5 s. */
export const HEARTBEAT_INTERVAL_MS = 20
const PROBES_PER_SECOND = 500
/** Kafka Streams may join twice before a new member is idle. */
const SETTLE_MS = 500
/** Where there is little state, Kafka Streams may give the partition to a new member although its owner stays: that is not counted. */
const UNPROVOKED_MAX = 10
/**
 * Which a new member takes to be idle, or not at all: one of Kafka Streams that is given the partition while it is paused does not
 * restore it, and so never runs.
 */
const IDLE_TIMEOUT_MS = 15_000
const START_TIMEOUT_MS = 60_000
/** Who has to make all of the state again takes long. */
const TAKEOVER_TIMEOUT_MS = 600_000

/**
 * @typedef {object} Plan
 * @property {number} keys In the state.
 * @property {number} graceful How many owners are told to close,
 * @property {number} kills and how many are killed.
 *
 * @typedef {object} Takeovers Milliseconds, in order.
 * @property {readonly number[]} graceful From telling an owner to close until its successor has its first record.
 * @property {readonly number[]} kills From killing an owner until then: the session, and what is beyond it.
 * @property {readonly number[]} restored Records that each successor has put into its stores until its first probe.
 */

/**
 * One owner after the other of a partition with state: each successor is a process in the group without any state of its own. It is
 * paused until its predecessor goes: else Kafka Streams would restore there before (a warm-up replica). A record whose count is not
 * that of all before it ends the bench.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {Side} side
 * @param {Plan} plan
 * @returns {Promise<Takeovers>}
 */
export async function measureTakeovers(lab, side, { keys, graceful, kills }) {
  const run = await createRun(lab)
  const { brokers } = lab
  const probes = lab.startJava('ProduceProbes', {
    ...{ brokers, input: run.input, keys, rate: PROBES_PER_SECOND },
  })
  /** @type {Child[]} */
  const alive = [probes]
  const start = () => {
    const [member] = /** @type {[Child]} */ (side.start(run))
    alive.push(member)
    return member
  }
  const startIdle = async () => {
    const member = start()
    await member.findWithin('running', IDLE_TIMEOUT_MS)
    return member
  }
  try {
    await probes.waitFor('filled', timeoutMs(keys))
    const first = start()
    first.tell('resume')
    await first.waitFor('first', timeoutMs(keys))
    const told = await succeed(first, startIdle, graceful, { end: (owner) => owner.stop() })
    const killed = await succeed(told.owner, startIdle, kills, {
      end: (owner) => owner.kill(),
      leastMs: SESSION_TIMEOUT_MS - 2 * HEARTBEAT_INTERVAL_MS,
    })
    const restored = [...told.restored, ...killed.restored]
    return { graceful: told.durations, kills: killed.durations, restored }
  } finally {
    await Promise.all(alive.map((child) => child.stop()))
    await side.clean(run)
  }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @returns {Promise<Run>}
 */
async function createRun({ kafka }) {
  return {
    application: freshName('app'),
    input: await createTopic(kafka, 'probes', 1),
    output: await createTopic(kafka, 'counts', 1),
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
    isPaused: true,
  }
}

/**
 * @param {Child} first
 * @param {() => Promise<Child>} start
 * @param {number} times
 * @param {object} how
 * @param {(owner: Child) => Promise<void>} how.end
 * @param {number} [how.leastMs] What takes less was under way before.
 */
async function succeed(first, start, times, { end, leastMs = 0 }) {
  const durations = []
  const restored = []
  let owner = first
  for (let attempt = 0; durations.length < times; attempt++) {
    if (attempt >= times + UNPROVOKED_MAX)
      throw new Error('the partition does not stay with its owner')
    const successor = await start()
    // Anywhere between two of its heartbeats.
    await sleep(SETTLE_MS + Math.random() * HEARTBEAT_INTERVAL_MS)
    const endedAt = Date.now()
    successor.tell('resume')
    const ended = end(owner)
    const isProvoked = await beganWithNothing(successor)
    const duration = (await firstProbe(successor)) - endedAt
    if (isProvoked && duration >= leastMs) {
      durations.push(duration)
      restored.push(Number(successor.find('restored')?.['records'] ?? 0))
    }
    await ended
    owner = successor
  }
  return { owner, durations, restored }
}

/**
 * Whether a successor had no task yet when its predecessor went.
 *
 * @param {Child} successor
 */
async function beganWithNothing(successor) {
  const { restored, tasks } = await successor.waitFor('resumed', START_TIMEOUT_MS)
  if (restored !== 0) throw new Error(`a paused successor has restored ${String(restored)} records`)
  return tasks === 0
}

/**
 * @param {Child} successor
 * @returns {Promise<number>} When it had its first probe.
 */
async function firstProbe(successor) {
  const event = await successor.waitFor('first', TAKEOVER_TIMEOUT_MS)
  const [at, sequence, count] = [event['at'], event['sequence'], event['count']].map(Number)
  if (count !== Number(sequence) + 1)
    throw new Error(`a new owner has counted ${count} probes with number ${sequence}, from 0`)
  return Number(at)
}
