import { setTimeout as delay } from 'node:timers/promises'
import { Feeder } from './feeder.mjs'
import { Fleet } from './fleet.mjs'
import { between, seededRandom } from './random.mjs'
import { Takeovers } from './takeovers.mjs'

/**
 * @typedef {import('./application.mjs').Application} Application
 * @typedef {import('./application.mjs').TestServers} TestServers
 * @typedef {import('./worker-process.mjs').WorkerProcess} WorkerProcess
 *
 * @typedef {object} RunOptions
 * @property {Application} application
 * @property {TestServers} servers
 * @property {number} seed
 * @property {number} kills How many faults a scenario makes, or the measure of it.
 * @property {number} linesPerSecond
 * @property {(line: string) => void} say
 */

/** What a scenario works with: an application under load, and the means to hurt it. */
export class Run {
  #options
  random
  fleet
  feeder
  takeovers
  /** Kills, freezes, cuts and the like that counted. */
  faults = 0

  /** @param {RunOptions} options */
  constructor(options) {
    const { application, seed, linesPerSecond, say } = options
    this.#options = options
    this.random = seededRandom(seed)
    this.fleet = new Fleet({ env: application.env, random: this.random, say })
    this.takeovers = new Takeovers(application.tables)
    this.feeder = new Feeder({
      ...{ kafka: application.kafka, topic: application.input, partitions: application.partitions },
      ...{ linesPerSecond, seed },
    })
  }

  get application() {
    return this.#options.application
  }

  get servers() {
    return this.#options.servers
  }

  get kills() {
    return this.#options.kills
  }

  /** @param {string} line */
  say(line) {
    this.#options.say(line)
  }

  /** Lets a random time pass: faults must not come in step with what they hit. @param {number} leastMs @param {number} mostMs */
  async pause(leastMs, mostMs) {
    await delay(between(this.random, leastMs, mostMs))
  }

  /** Kills an instance, measures until its tasks go on, and starts another. @param {WorkerProcess} victim */
  async killAndReplace(victim) {
    const { tasks } = victim
    await victim.kill()
    this.takeovers.expect(tasks)
    this.fleet.start()
  }
}
