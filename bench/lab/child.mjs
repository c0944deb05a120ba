import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * @typedef {{ event: string } & Record<string, unknown>} ChildEvent
 */

/** A guess: what an application may take to commit, release and leave. */
const STOP_TIMEOUT_MS = 20_000

/**
 * A child process that says what happens in it, one JSON object a line on its standard output, and ends when its standard
 * input is closed: also when this process is killed.
 */
export class Child {
  #name
  #process
  /** @type {ChildEvent[]} */
  #events = []
  /** @type {Set<() => void>} */
  #waiters = new Set()
  #exited
  #isStopping = false

  /**
   * @param {string} name For messages.
   * @param {string} command
   * @param {readonly string[]} args
   */
  constructor(name, command, args) {
    this.#name = name
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#process.stdin.on('error', () => undefined)
    createInterface(this.#process.stdout).on('line', (line) => this.#add(line))
    this.#exited = new Promise((resolve) => {
      this.#process.once('close', resolve)
      this.#process.once('error', resolve)
    }).then(() => this.#wake())
  }

  get pid() {
    return this.#process.pid ?? 0
  }

  /**
   * Waits for an event, which may have come already. Fails when the process ends without it.
   *
   * @param {string} event
   * @param {number} timeoutMs
   * @returns {Promise<ChildEvent>}
   */
  async waitFor(event, timeoutMs) {
    const found = await this.findWithin(event, timeoutMs)
    if (!found) throw new Error(`${this.#name}: no '${event}' in ${timeoutMs} ms`)
    return found
  }

  /**
   * An event that comes within a time, or has come already. Fails when the process ends without it.
   *
   * @param {string} event
   * @param {number} timeoutMs
   */
  async findWithin(event, timeoutMs) {
    const until = Date.now() + timeoutMs
    for (;;) {
      const found = this.find(event)
      if (found || Date.now() >= until) return found
      if (this.hasEnded) throw new Error(`${this.#name} ended without '${event}'`)
      await this.#change(until - Date.now())
    }
  }

  /**
   * An event that has come.
   *
   * @param {string} event
   */
  find(event) {
    return this.#events.find((candidate) => candidate.event === event)
  }

  /**
   * Fails when the process ends before it was told to. Otherwise never settles.
   *
   * @returns {Promise<never>}
   */
  async unexpectedEnd() {
    await this.#exited
    if (this.#isStopping) await new Promise(() => undefined)
    throw new Error(`${this.#name} ended unexpectedly`)
  }

  get hasEnded() {
    return this.#process.exitCode !== null || this.#process.signalCode !== null || this.pid === 0
  }

  /**
   * @param {string} line For the process's standard input.
   */
  tell(line) {
    this.#process.stdin.write(`${line}\n`)
  }

  /** Lets the process end in order, and kills it when that takes too long. Idempotent. */
  async stop() {
    this.#isStopping = true
    this.#process.stdin.end()
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
  }

  /** Kills the process. */
  async kill() {
    this.#isStopping = true
    this.#process.kill('SIGKILL')
    await this.#exited
  }

  /** @param {string} line */
  #add(line) {
    if (!line.startsWith('{"event"')) return console.log(line)
    /** @type {ChildEvent} */
    const event = JSON.parse(line)
    this.#events.push(event)
    this.#wake()
  }

  #wake() {
    for (const waiter of this.#waiters) waiter()
  }

  /** @param {number} timeoutMs */
  #change(timeoutMs) {
    return /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          this.#waiters.delete(done)
          resolve()
        }
        const timer = setTimeout(done, timeoutMs)
        this.#waiters.add(done)
      })
    )
  }
}
