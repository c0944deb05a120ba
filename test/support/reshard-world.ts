import type { DatabaseAdapter } from '../../src/database/database.ts'
import { memory } from '../../src/database/memory/index.ts'
import type { Kafka, KafkaAdapter } from '../../src/kafka/kafka.ts'
import { memoryKafka } from '../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../src/model/headers.ts'
import { partitionOf } from '../../src/model/murmur2.ts'
import { reshard, type Resharded } from '../../src/runtime/reshard/reshard.ts'
import { Streams } from '../../src/runtime/streams.ts'
import type { StreamsOptions } from '../../src/runtime/streams-options.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { readTopic } from '../integration/support/read-topic.ts'
import { recordingLogger } from './telemetry.ts'

const { logger } = recordingLogger()

/** Keys that go to all partitions. */
export const KEYS = Array.from({ length: 40 }, (_, at) => `k${at}`)

/** What a test may say about the records it writes. */
export interface Written {
  readonly topic?: string
  readonly timestamp?: number
  readonly keys?: readonly string[]
  readonly text?: (key: string) => string
}

/** An application in memory whose input topics grow. */
export class ReshardWorld {
  readonly adapter: KafkaAdapter = memoryKafka()
  readonly database: DatabaseAdapter = memory()
  readonly kafka: Kafka
  readonly #topology: () => Topology
  readonly #apps: Streams[] = []

  private constructor(kafka: Kafka, adapter: KafkaAdapter, topology: () => Topology) {
    this.kafka = kafka
    this.adapter = adapter
    this.#topology = topology
  }

  /** With the input topics `in` and `more`, of so many partitions, and the output topic `out`. */
  static async create(topology: () => Topology, partitions = 3): Promise<ReshardWorld> {
    const adapter = memoryKafka()
    const kafka = await adapter.open({ clientId: 'test', logger })
    await kafka.createTopics([
      { topic: 'in', partitions },
      { topic: 'more', partitions },
      { topic: 'out', partitions: 1 },
    ])
    return new ReshardWorld(kafka, adapter, topology)
  }

  get options(): StreamsOptions {
    return {
      ...{ applicationId: 'app', kafka: this.adapter, database: this.database, logger },
      ...{ sessionTimeoutMs: 500, handOverTimeoutMs: 1, commitIntervalMsMax: 1 },
    }
  }

  async grow(partitions = 5): Promise<void> {
    await this.kafka.growTopics(['in', 'more'].map((topic) => ({ topic, partitions })))
  }

  /** Writes a record of each key, as a producer does that has heard of so many partitions. */
  async write(
    partitions: number,
    { topic = 'in', timestamp = 0, keys = KEYS, text = (key) => key }: Written = {},
  ): Promise<void> {
    const records = keys.map((key) => ({
      ...{ topic, partition: partitionOf(Buffer.from(key), partitions), timestamp },
      ...{ key: Buffer.from(key), value: Buffer.from(text(key)), headers: NO_HEADERS },
    }))
    await this.kafka.produce(records)
  }

  start(): Streams {
    const app = new Streams(this.#topology(), this.options)
    this.#apps.push(app)
    return app
  }

  /** Processes all there is. */
  async run(): Promise<void> {
    const app = this.start()
    await app.start()
    await app.caughtUp()
    await app.close()
  }

  reshard(options: Partial<StreamsOptions> = {}): Promise<Resharded> {
    return reshard(this.#topology(), { ...this.options, ...options })
  }

  async rows(store: string): Promise<unknown[][]> {
    const opened = await this.database.open({ schema: 'app', logger })
    const rows = await opened.range({ name: store, columns: [], key: [] }, { prefix: [] })
    await opened.close()
    return rows as unknown[][]
  }

  /** What was told, in no order. */
  async told(): Promise<string[]> {
    const records = await readTopic(this.kafka, 'out')
    const text = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString('latin1')
    return records
      .map(({ key, value, timestamp }) => `${text(key)} = ${text(value)} at ${timestamp}`)
      .toSorted()
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()))
    await this.kafka.close()
  }
}
