import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from './random.mjs'
import { randomWords } from './words.mjs'

/**
 * @typedef {object} FeederOptions
 * @property {import('kafkajs').Kafka} kafka
 * @property {string} topic
 * @property {number} partitions
 * @property {number} linesPerSecond
 * @property {number} seed
 */

const TURN_MS = 15
/** After a pause of the broker the lines that are due come in pieces of this size. */
const LINES_PER_SEND = 500

/** Writes lines at a steady rate, and knows what has to be counted: every line that was acknowledged, once. */
export class Feeder {
  #options
  #producer
  #random
  #isStopped = false
  /** @type {Promise<void> | undefined} */
  #running
  /** Why it ended before it was told to. @type {unknown} */
  failure
  /** Lines acknowledged. */
  lines = 0
  /** Occurrences of each word in them. @type {Map<string, number>} */
  expected = new Map()

  /** @param {FeederOptions} options */
  constructor(options) {
    this.#options = options
    this.#random = seededRandom(options.seed)
    // It has to get over a broker that restarts: an unacknowledged line would make every comparison worthless.
    this.#producer = options.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 200 },
    })
  }

  /** Words acknowledged. */
  get words() {
    return [...this.expected.values()].reduce((sum, count) => sum + count, 0)
  }

  async start() {
    await this.#producer.connect()
    this.#running = this.#feed().catch((/** @type {unknown} */ error) => {
      this.failure = error
    })
  }

  /** Resolves when every line that was sent is acknowledged. */
  async stop() {
    this.#isStopped = true
    await this.#running
    await this.#producer.disconnect()
  }

  async #feed() {
    const { linesPerSecond } = this.#options
    const startedAt = performance.now()
    while (!this.#isStopped) {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * linesPerSecond) - this.lines
      if (due > 0) await this.#send(Math.min(due, LINES_PER_SEND))
      else await delay(TURN_MS)
    }
  }

  /** @param {number} count */
  async #send(count) {
    const { topic, partitions } = this.#options
    const lines = Array.from({ length: count }, () => randomWords(this.#random))
    const messages = lines.map((words, index) => ({
      value: words.join(' '),
      partition: (this.lines + index) % partitions,
    }))
    await this.#producer.send({ topic, messages })
    this.lines += count
    for (const word of lines.flat()) this.expected.set(word, (this.expected.get(word) ?? 0) + 1)
  }
}
