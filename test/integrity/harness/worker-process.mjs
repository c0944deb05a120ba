import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { guard } from '../../../scripts/servers/leftovers.mjs'
import { LogTail } from './log-tail.mjs'
import { until } from './until.mjs'

/**
 * @typedef {import('../worker/test-points.mjs').TestPoint} TestPoint
 *
 * @typedef {object} Report What a worker says.
 * @property {number} [committedAt]
 * @property {readonly string[]} [tasks]
 * @property {string} [state]
 * @property {TestPoint} [reached]
 * @property {Usage} [usage]
 *
 * @typedef {object} Usage At most so far, in bytes; and the records that wait.
 * @property {number} heap
 * @property {number} buffers
 * @property {number} resident
 * @property {number} lag
 */

const wordCount = fileURLToPath(new URL('../worker/word-count.mjs', import.meta.url))

/** A word count in a process of its own, which can be killed, frozen, and held between two durable steps. */
export class WorkerProcess {
  #child
  #unguard
  #isExpectedToEnd = false
  /** @type {Promise<void>} */
  #exited
  /** @type {TestPoint | undefined} */
  #reached
  name
  log = new LogTail()
  state = 'starting'
  /** Tasks it owned when it last said so. @type {readonly string[]} */
  tasks = []
  committedAt = 0
  /** @type {Usage} */
  usage = { heap: 0, buffers: 0, resident: 0, lag: 0 }
  /** How often its state has changed. */
  changes = 0

  /**
   * @param {string} name
   * @param {NodeJS.ProcessEnv} env
   * @param {{ program?: string, execArgv?: string[] }} [how] Default: the word count.
   */
  constructor(name, env, { program = wordCount, execArgv = [] } = {}) {
    this.name = name
    this.#child = fork(program, { env, execArgv, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#child.on('message', (report) => this.#hear(/** @type {Report} */ (report)))
    this.#child.stdout?.on('data', (chunk) => this.log.add(String(chunk)))
    this.#child.stderr?.on('data', (chunk) => this.log.add(String(chunk)))
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    this.#unguard = guard({
      stop: () => this.kill(),
      signalNow: () => this.#child.kill('SIGKILL'),
      removeNow: () => undefined,
    })
    void this.#exited.then(this.#unguard)
  }

  get hasExited() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Whether it ended although nobody had asked it to. */
  get hasFailed() {
    return this.hasExited && !this.#isExpectedToEnd
  }

  /** How it ended. */
  get ending() {
    return this.#child.signalCode ?? `exit code ${String(this.#child.exitCode)}`
  }

  /** Whether it can be expected to hold something that a fault could break. @param {number} withinMs */
  hasCommitted(withinMs) {
    return this.tasks.length > 0 && Date.now() - this.committedAt <= withinMs
  }

  /**
   * Holds it at a point, and resolves when it got there.
   *
   * @param {TestPoint} point @param {number} timeoutMs
   * @returns {Promise<boolean>} Whether it did in time; otherwise the point is disarmed.
   */
  async holdAt(point, timeoutMs) {
    this.arm(point)
    const isHeld = await until(`${this.name} reaches ${point}`, timeoutMs, () => {
      if (this.hasExited) throw new Error(`${this.name} ended`)
      return this.isHeldAt(point)
    }).catch(() => false)
    if (!isHeld) this.goOn()
    return isHeld
  }

  /** @param {TestPoint} point */
  isHeldAt(point) {
    return this.#reached === point
  }

  /** @param {TestPoint} point */
  arm(point) {
    this.#reached = undefined
    this.#send({ arm: point })
  }

  /** Lets it go on, or disarms it. */
  goOn() {
    this.#send({ goOn: true })
  }

  freeze() {
    this.#child.kill('SIGSTOP')
  }

  thaw() {
    this.#child.kill('SIGCONT')
  }

  async kill() {
    this.#isExpectedToEnd = true
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  /** Asks it to finish, by SIGTERM. @returns {Promise<string>} How it ended. */
  async stop() {
    this.#isExpectedToEnd = true
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 12_000)
    await this.#exited
    clearTimeout(timer)
    return this.ending
  }

  /** @param {object} order */
  #send(order) {
    // It may have ended meanwhile, which whoever waits for it sees.
    if (this.#child.connected) this.#child.send(order, () => undefined)
  }

  /** @param {Report} report */
  #hear({ committedAt, tasks, state, reached, usage }) {
    if (committedAt) this.committedAt = committedAt
    if (tasks) this.tasks = tasks
    if (usage) this.usage = usage
    if (state && state !== this.state) this.changes++
    if (state) this.state = state
    if (reached) this.#reached = reached
    if (state) this.log.add(`(state ${state}, tasks ${tasks?.join(' ') ?? ''})\n`)
  }
}
