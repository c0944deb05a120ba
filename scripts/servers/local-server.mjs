import { guard } from './leftovers.mjs'
import { removeServerFolder } from './server-folder.mjs'

/** @typedef {import('./server-process.mjs').ServerProcess} ServerProcess */

/**
 * A server on this machine with a folder of its own, across restarts. It ends with this process.
 *
 * States: running, killed (by `kill`, until `restart`), stopped (by `stop`, for good; no folder).
 */
export class LocalServer {
  /** @type {ServerProcess} */
  #server
  #start
  #folder
  #unguard

  /**
   * @param {ServerProcess} server
   * @param {() => Promise<ServerProcess>} start Starts it again on the same ports and data.
   * @param {string} folder
   */
  constructor(server, start, folder) {
    this.#server = server
    this.#start = start
    this.#folder = folder
    this.#unguard = guard({
      stop: () => this.stop(),
      signalNow: () => this.#server.signalNow(),
      removeNow: () => {
        this.#server.waitNow()
        removeServerFolder(this.#folder)
      },
    })
  }

  get pid() {
    return this.#server.pid
  }

  /** Stops the server cleanly and removes its folder. Idempotent. */
  async stop() {
    await this.#server.stop()
    removeServerFolder(this.#folder)
    this.#unguard()
  }

  /** Crashes the server (SIGKILL); `restart` brings it back. */
  async kill() {
    await this.#server.kill()
  }

  /**
   * Stops the server cleanly, unless it was killed, and starts it with the same ports and data.
   *
   * @param {() => void} [meanwhile] Called while it is down.
   */
  async restart(meanwhile) {
    await this.#server.stop()
    meanwhile?.()
    this.#server = await this.#start()
  }
}
