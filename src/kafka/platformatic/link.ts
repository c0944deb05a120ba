import { Connection, ConnectionStatuses, type ConnectionOptions } from '@platformatic/kafka'
import type { BrokerAddress } from '../client/broker.ts'
import { ConnectionLostError } from '../client/connection-lost-error.ts'
import { gatherWrites } from '../../network/gather-writes.ts'
import { translateError } from './translate-error.ts'

/** What the library takes when nothing is configured. */
const REQUEST_TIMEOUT_MS = 30_000
/** The longest that a timer can be: the time of a request is kept here, because it is not the same for all requests. */
const NEVER_MS = 2 ** 31 - 1

/** How to connect. */
export interface LinkOptions {
  readonly address: BrokerAddress
  readonly clientId: string
  readonly options: ConnectionOptions
}

/**
 * One connection to a broker: made when it is first needed, and again after it was lost.
 *
 * A `Connection` that broke in the middle of an answer cannot be connected again: there is a new one each time. Version 1
 * also stalls after an answer that came too late, so that a request without an answer ends its connection.
 */
export class Link {
  readonly #options: LinkOptions
  readonly #requestTimeoutMs: number
  #connection: Connection | undefined
  #opening: Promise<Connection> | undefined
  #isDestroyed = false
  /** Rejects what is under way. */
  readonly #waiting = new Set<(error: ConnectionLostError) => void>()

  constructor(options: LinkOptions) {
    this.#options = options
    this.#requestTimeoutMs = options.options.requestTimeout ?? REQUEST_TIMEOUT_MS
  }

  get isOpen(): boolean {
    const status = this.#connection?.status
    return status === ConnectionStatuses.CONNECTED || status === ConnectionStatuses.REAUTHENTICATING
  }

  /** Resolves when connected and authenticated; several at once are one. */
  async open(): Promise<Connection> {
    if (this.#isDestroyed) throw closedError()
    const connection = this.#connection
    if (connection && this.isOpen) {
      // Until it has authenticated itself again a broker takes nothing else.
      if (!connection.isConnected()) await this.#unlessLost(connection.ready())
      return connection
    }
    this.#opening ??= this.#connect().finally(() => (this.#opening = undefined))
    return this.#opening
  }

  /** `extraMs` for a request that the broker holds back. */
  async ask<T>(request: (connection: Connection) => Promise<T>, extraMs = 0): Promise<T> {
    const connection = await this.open()
    const timeoutMs = this.#requestTimeoutMs + extraMs
    const timer = setTimeout(() => {
      this.#lose(new ConnectionLostError(`${this.#name} did not answer within ${timeoutMs} ms`))
    }, timeoutMs)
    try {
      return await this.#unlessLost(request(connection))
    } finally {
      clearTimeout(timer)
    }
  }

  /** Closes at once and for good. */
  destroy(): void {
    this.#isDestroyed = true
    this.#lose(closedError())
  }

  async #connect(): Promise<Connection> {
    const { address, clientId, options } = this.#options
    const connection = new Connection(clientId, { ...options, requestTimeout: NEVER_MS })
    // Who waits for an answer is told; an event that nobody listens to would end the process.
    connection.on('error', () => undefined)
    try {
      await this.#unlessLost(Promise.resolve(connection.connect(address.host, address.port)))
      gatherWrites(connection.socket)
      this.#connection = connection
      return connection
    } catch (error) {
      // Closing alone would wait for the socket to connect; destroying alone would leave the timer of who waits for that.
      void connection.close()
      connection.socket?.destroy()
      throw error
    }
  }

  #lose(error: ConnectionLostError): void {
    for (const reject of this.#waiting) reject(error)
    this.#waiting.clear()
    this.#connection?.socket?.destroy()
    this.#connection = undefined
  }

  #unlessLost<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      const done = work.finally(() => this.#waiting.delete(reject))
      done.then(resolve, (error: unknown) => reject(translateError(error) as Error))
    })
  }

  get #name(): string {
    return `${this.#options.address.host}:${this.#options.address.port}`
  }
}

function closedError(): ConnectionLostError {
  return new ConnectionLostError('the connection was closed by this client')
}
