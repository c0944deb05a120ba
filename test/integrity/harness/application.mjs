import { Kafka, logLevel } from 'kafkajs'
import { StateTables } from './state-tables.mjs'

/**
 * @typedef {import('rowstream').ProcessingGuarantee} ProcessingGuarantee
 *
 * @typedef {object} TestServers
 * @property {readonly string[]} brokers
 * @property {string} databaseUrl
 * @property {(() => Promise<void>) | undefined} [restartKafka] Absent for brokers that are not ours.
 * @property {(() => Promise<{ hasSkippedMarkers: boolean }>) | undefined} [crashKafka] The same without any chance to clean up.
 */

const PARTITIONS = 8
const SESSION_TIMEOUT_MS = 1_500

/** Everything that belongs to one application under test: names, topics, schema, the environment of its instances. */
export class Application {
  #servers
  #guarantee
  #admin
  id
  kafka
  tables
  partitions = PARTITIONS
  sessionTimeoutMs = SESSION_TIMEOUT_MS

  /** @param {TestServers} servers @param {string} id @param {ProcessingGuarantee} guarantee */
  constructor(servers, id, guarantee) {
    this.#servers = servers
    this.#guarantee = guarantee
    this.id = id
    this.kafka = new Kafka({
      brokers: [...servers.brokers],
      clientId: `${id}-test`,
      logLevel: logLevel.NOTHING,
      // Connections are made with these and no others: a broker that crashed is away for 12 s.
      retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 200 },
    })
    this.#admin = this.kafka.admin()
    this.tables = new StateTables({
      ...{ url: servers.databaseUrl, schema: id.replaceAll('-', '_'), applicationName: id },
    })
  }

  get input() {
    return `${this.id}-lines`
  }

  get output() {
    return `${this.id}-counts`
  }

  get isExactlyOnce() {
    return this.#guarantee === 'exactly_once'
  }

  /** The environment of an instance, as the service takes it. @returns {NodeJS.ProcessEnv} */
  get env() {
    const url = new URL(this.#servers.databaseUrl)
    url.searchParams.set('application_name', this.id)
    return {
      ...process.env,
      KAFKA_BROKERS: this.#servers.brokers.join(','),
      DATABASE_URL: url.href,
      APPLICATION_ID: this.id,
      INPUT_TOPIC: this.input,
      OUTPUT_TOPIC: this.output,
      PROCESSING_GUARANTEE: this.#guarantee,
      SESSION_TIMEOUT_MS: String(this.sessionTimeoutMs),
    }
  }

  async create() {
    await Promise.all([this.#admin.connect(), this.tables.connect()])
    const topics = [this.input, this.output].map((topic) => ({ topic, numPartitions: PARTITIONS }))
    await this.#admin.createTopics({ topics })
  }

  /** The ends of the input. @returns {Promise<Map<number, bigint>>} */
  async inputEnds() {
    const ends = await this.#admin.fetchTopicOffsets(this.input)
    return new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]))
  }

  /** The ids of the members of its group. */
  async members() {
    const { groups } = await this.#admin.describeGroups([this.id])
    return groups.flatMap(({ members }) => members.map(({ memberId }) => memberId)).toSorted()
  }

  async drop() {
    await this.tables.dropSchema()
    const topics = (await this.#admin.listTopics()).filter((topic) => topic.startsWith(this.id))
    await this.#admin.deleteTopics({ topics })
    await this.close()
  }

  /** Lets go of the servers, and leaves what is on them. */
  async close() {
    await Promise.all([this.#admin.disconnect(), this.tables.close()])
  }
}
