import { pick } from './random.mjs'
import { until } from './until.mjs'
import { WorkerProcess } from './worker-process.mjs'

/**
 * @typedef {object} FleetOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {import('./random.mjs').Random} random
 * @property {(line: string) => void} say
 */

/** A fault counts only where something was going on. */
const RECENTLY_MS = 1_000

/** The instances of an application: those that run, and those that were killed. */
export class Fleet {
  #options
  /** @type {WorkerProcess[]} */
  all = []

  /** @param {FleetOptions} options */
  constructor(options) {
    this.#options = options
  }

  get alive() {
    return this.all.filter((worker) => !worker.hasExited)
  }

  /** Starts one more, without waiting until it works. */
  start() {
    const worker = new WorkerProcess(`worker ${this.all.length + 1}`, this.#options.env)
    this.all.push(worker)
    return worker
  }

  /** @throws Error when an instance has ended that nobody had asked to. */
  check() {
    const failed = this.all.find((worker) => worker.hasFailed)
    if (failed) throw new Error(`${failed.name} ended by itself: ${failed.ending}`)
  }

  /**
   * Waits for a condition, and no longer once an instance has failed.
   *
   * @template T
   * @param {string} what @param {number} timeoutMs @param {() => T | Promise<T>} condition
   */
  until(what, timeoutMs, condition) {
    return until(what, timeoutMs, () => {
      this.check()
      return condition()
    })
  }

  /** All instances have tasks, and commit. */
  async untilBusy() {
    await this.until('every instance commits', 60_000, () =>
      this.alive.every((worker) => worker.hasCommitted(RECENTLY_MS)),
    )
  }

  /** A random one of those that have just committed. */
  async victim() {
    const { random } = this.#options
    const candidates = await this.until('an instance commits', 60_000, () => {
      const found = this.alive.filter((worker) => worker.hasCommitted(RECENTLY_MS))
      return found.length > 0 ? found : undefined
    })
    return pick(random, candidates)
  }

  /**
   * A random one that holds at a point; another one is tried where it does not get there.
   *
   * @param {import('./worker-process.mjs').TestPoint} point
   */
  async victimAt(point) {
    const deadline = Date.now() + 60_000
    while (Date.now() < deadline) {
      const worker = await this.victim()
      if (await worker.holdAt(point, 5_000)) return worker
      this.#options.say(`${worker.name} did not reach ${point}`)
    }
    throw new Error(`no instance reached ${point}`)
  }

  async killAll() {
    await Promise.all(this.alive.map((worker) => worker.kill()))
  }
}
