import pg from 'pg'
import { postgres } from '../../../src/database/postgres/index.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { NewTopic } from '../../../src/kafka/topics-and-offsets.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import type { StreamsOptions } from '../../../src/runtime/streams-options.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { recordingLogger, type LogLine } from '../../support/telemetry.ts'
import { createKafka } from './create-kafka.ts'
import { databaseUrl, uniqueName } from './environment.ts'

/** What a test may want to say about a record. */
export interface TestRecord {
  readonly partition?: number
  readonly key?: string | null
  readonly value: string | Uint8Array | null
  readonly timestamp?: number
}

/** What can be set per test. */
export interface TestApplicationOptions extends Partial<StreamsOptions> {
  readonly partitions?: number
  readonly inputConfig?: Readonly<Record<string, string>>
  readonly outputConfig?: Readonly<Record<string, string>>
}

/** An application on the real servers, with topics and a schema of its own. */
export class TestApplication {
  readonly name = uniqueName('it')
  readonly input = `${this.name}-in`
  readonly output = `${this.name}-out`
  readonly lines: LogLine[] = []
  readonly #options: TestApplicationOptions
  readonly #topology: (input: string, output: string) => Topology
  readonly #apps: Streams[] = []
  #kafka: Kafka | undefined

  constructor(
    topology: (input: string, output: string) => Topology,
    options: TestApplicationOptions = {},
  ) {
    this.#topology = topology
    this.#options = options
  }

  /** Makes the input and output topic. */
  async createTopics(): Promise<void> {
    const { partitions = 2, inputConfig = {}, outputConfig = {} } = this.#options
    await this.createTopic({ topic: this.input, partitions, config: inputConfig })
    await this.createTopic({ topic: this.output, partitions, config: outputConfig })
  }

  async createTopic(topic: NewTopic): Promise<void> {
    await (await this.kafka()).createTopics([topic])
  }

  async kafka(): Promise<Kafka> {
    const { logger } = recordingLogger()
    this.#kafka ??= await createKafka().open({ clientId: this.name, logger })
    return this.#kafka
  }

  /** Writes records to the input topic, in order. */
  async write(records: readonly TestRecord[]): Promise<void> {
    const encode = (value: string | Uint8Array | null) =>
      typeof value === 'string' ? Buffer.from(value) : value
    await (
      await this.kafka()
    ).produce(
      records.map(({ partition = 0, key = null, value, timestamp = 1_000 }) => ({
        topic: this.input,
        partition,
        timestamp,
        key: encode(key),
        value: encode(value),
        headers: NO_HEADERS,
      })),
    )
  }

  /** Another instance, not started. */
  create(options: Partial<StreamsOptions> = {}): Streams {
    const { logger, lines } = recordingLogger()
    const app = new Streams(this.#topology(this.input, this.output), {
      applicationId: this.name,
      kafka: createKafka(),
      database: postgres({ url: databaseUrl }),
      logger,
      ...this.#options,
      ...options,
    })
    // One list for all instances: what was logged, by whomever.
    const push = lines.push.bind(lines)
    lines.push = (...added) => {
      this.lines.push(...added)
      return push(...added)
    }
    this.#apps.push(app)
    return app
  }

  /** Starts an instance and waits until it has nothing left to do, or has failed. */
  async run(options: Partial<StreamsOptions> = {}): Promise<StreamsError | undefined> {
    const app = this.create(options)
    try {
      await app.start()
      await app.caughtUp()
      return undefined
    } catch (error) {
      return error as StreamsError
    } finally {
      await app.close()
    }
  }

  /** The rows of a store. */
  async rows(store: string): Promise<Map<string, number>> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    const schema = this.name.replaceAll('-', '_')
    const { rows } = await client.query<{ key: string; value: string }>(
      `select key, value from "${schema}"."${store}"`,
    )
    await client.end()
    return new Map(rows.map(({ key, value }) => [key, Number(value)]))
  }

  /** Messages logged at a level. */
  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message)
  }

  /** Closes everything and removes the schema. */
  async remove(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()))
    await this.#kafka?.close()
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query(`drop schema if exists "${this.name.replaceAll('-', '_')}" cascade`)
    await client.end()
  }
}

/** How records that fail are treated in every phase. */
export function onEveryError(decision: 'fail' | 'skip'): Pick<StreamsOptions, 'onError'> {
  return { onError: { deserialization: decision, processing: decision, production: decision } }
}
