import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * @typedef {object} ServerProcessOptions
 * @property {string} name For messages.
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} logFile Takes the server's output; truncated at every start.
 * @property {string} readyText What the server logs once it can be used.
 * @property {NodeJS.Signals} stopSignal Asks for a clean stop.
 * @property {NodeJS.Signals} exitSignal Asks for the fastest stop that leaves nothing behind.
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number | undefined} [uid]
 * @property {number | undefined} [gid]
 */

/** A guess: both servers are up in 2 s on an idle machine with two cores. */
const readyTimeoutMs = 60_000
/** A guess: Kafka stops in 2 s, PostgreSQL in 0.1 s. */
const stopTimeoutMs = 20_000

/** One running server, started by {@link startServerProcess}. */
export class ServerProcess {
  #child
  #options
  #exited

  /** @param {import('node:child_process').ChildProcess} child @param {ServerProcessOptions} options */
  constructor(child, options) {
    this.#child = child
    this.#options = options
    this.#exited = new Promise((resolve) => {
      child.once('exit', resolve)
      child.once('error', resolve)
    })
  }

  get pid() {
    return this.#child.pid ?? 0
  }

  get hasExited() {
    return this.pid === 0 || this.#child.exitCode !== null || this.#child.signalCode !== null
  }

  /** Stops the server cleanly, and by SIGKILL when that takes too long. Idempotent. */
  async stop() {
    await this.#end(this.#options.stopSignal)
  }

  /** Ends the server without any chance to clean up. Idempotent. */
  async kill() {
    await this.#end('SIGKILL')
  }

  signalNow() {
    if (!this.hasExited) this.#child.kill(this.#options.exitSignal)
  }

  /** Waits synchronously for the end that `signalNow` has asked for. */
  waitNow() {
    if (this.hasExited) return
    const until = Date.now() + 5_000
    while (isRunning(this.pid) && Date.now() < until) sleepNow(10)
    if (isRunning(this.pid)) process.kill(this.pid, 'SIGKILL')
  }

  async waitUntilReady() {
    const { name, logFile, readyText } = this.#options
    const until = Date.now() + readyTimeoutMs
    while (!readFileSync(logFile, 'utf8').includes(readyText)) {
      if (!this.hasExited && Date.now() < until) {
        await delay(15)
        continue
      }
      const why = this.hasExited ? 'ended before it was ready' : 'is not ready'
      await this.kill()
      throw new Error(`${name} ${why}:\n${readFileSync(logFile, 'utf8').slice(-3000)}`)
    }
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    if (this.hasExited) return
    this.#child.kill(signal)
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), stopTimeoutMs)
    await this.#exited
    clearTimeout(timer)
  }
}

/**
 * Starts a server and waits until it can be used.
 *
 * Ctrl-C goes to all processes of a terminal's group at once, which would take the servers away
 * from tests and services that still have to end. So a server gets a group of its own where the
 * kernel promises to end it with this process even after SIGKILL (Linux, by `setpriv`).
 *
 * @param {ServerProcessOptions} options
 */
export async function startServerProcess(options) {
  const log = openSync(options.logFile, 'w')
  const bound = canBindToParent()
  const [command, args] = bound
    ? ['setpriv', ['--pdeathsig', options.stopSignal.slice(3), options.command, ...options.args]]
    : [options.command, options.args]
  const child = spawn(command, args, {
    stdio: ['ignore', log, log],
    env: options.env ?? process.env,
    detached: bound,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
    cwd: '/',
  })
  closeSync(log)
  const server = new ServerProcess(child, options)
  await server.waitUntilReady()
  return server
}

/** @type {boolean | undefined} */
let bindsToParent

function canBindToParent() {
  bindsToParent ??=
    process.platform === 'linux' &&
    spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true'], { stdio: 'ignore' }).status === 0
  return bindsToParent
}

/**
 * Whether a child still runs; one that has ended but was not waited for yet does not.
 *
 * @param {number} pid
 */
function isRunning(pid) {
  if (existsSync('/proc/self/stat')) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z'
    } catch {
      return false
    }
  }
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}

/** @param {number} milliseconds */
function sleepNow(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
