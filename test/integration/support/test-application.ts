import pg from 'pg'
import { postgres } from '../../../src/database/postgres/index.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { NewTopic } from '../../../src/kafka/topics-and-offsets.ts'
import type { RecordPosition } from '../../../src/model/record.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import type { FailureDecision } from '../../../src/runtime/task/failure-policy.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import type { StreamsOptions } from '../../../src/runtime/streams-options.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import { checkOutput, type OutputRecord } from '../../integrity/checks/check-output.mjs'
import type { CountRow } from '../../integrity/checks/compare-counts.mjs'
import { countDrops } from '../../support/counted-drops.ts'
import { recordingLogger, type LogLine } from '../../support/telemetry.ts'
import { createKafka } from './create-kafka.ts'
import { databaseUrl, uniqueName } from './environment.ts'
import { readTopic } from './read-topic.ts'

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
  /** Of another server than that of all tests, to which `database` then leads. */
  readonly databaseUrl?: string
}

/** An application on the real servers, with topics and a schema of its own. */
export class TestApplication {
  readonly name = uniqueName('it')
  readonly input = `${this.name}-in`
  readonly output = `${this.name}-out`
  readonly lines: LogLine[] = []
  /** What was counted as dropped, by all instances. */
  readonly drops = countDrops()
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

  get #databaseUrl(): string {
    return this.#options.databaseUrl ?? databaseUrl
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

  /** Writes records to a topic, the input's unless said, in order. */
  async write(records: readonly TestRecord[], topic = this.input): Promise<void> {
    const encode = (value: string | Uint8Array | null) =>
      typeof value === 'string' ? Buffer.from(value) : value
    await (
      await this.kafka()
    ).produce(
      records.map(({ partition = 0, key = null, value, timestamp = 1_000 }) => ({
        topic,
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
    return new Map((await this.rowsIn(store)).map(({ key, value }) => [key, value]))
  }

  /**
   * What the output topic says that the store `counts` does not, as sentences: each word's records must rise strictly and end with
   * its count.
   */
  async differences(): Promise<string[]> {
    const output = (await this.read(this.output)).map(
      ({ partition, offset, key, value }): OutputRecord => ({
        partition,
        offset: Number(offset),
        key: Buffer.from(key ?? []).toString(),
        value: Number(Buffer.from(value ?? []).readBigInt64BE()),
      }),
    )
    return checkOutput(output, await this.rowsIn('counts'), { mayRepeat: false })
  }

  /** All committed records of a topic. */
  async read(topic: string) {
    return readTopic(await this.kafka(), topic)
  }

  /** Where the only record with this key is in a topic of one partition. */
  async placeOf(topic: string, key: string): Promise<RecordPosition> {
    const found = (await this.read(topic)).filter((one) => Buffer.from(one.key ?? []).equals(Buffer.from(key))) // prettier-ignore
    if (found.length !== 1) throw new TypeError(`${topic} has ${found.length} records of that key`)
    return { topic, partition: found[0]!.partition, offset: found[0]!.offset }
  }

  /** The rows of a store, with their partitions. */
  async rowsIn(store: string): Promise<CountRow[]> {
    const client = new pg.Client({ connectionString: this.#databaseUrl })
    await client.connect()
    const schema = this.name.replaceAll('-', '_')
    const { rows } = await client.query<{ key: string; partition: number; value: string }>(
      `select key, partition, value from "${schema}"."${store}"`,
    )
    await client.end()
    return rows.map((row) => ({ ...row, value: Number(row.value) }))
  }

  /** Messages logged at a level. */
  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message)
  }

  /** Closes everything and removes the schema. */
  async remove(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.close()))
    await this.#kafka?.close()
    const client = new pg.Client({ connectionString: this.#databaseUrl })
    await client.connect()
    await client.query(`drop schema if exists "${this.name.replaceAll('-', '_')}" cascade`)
    await client.end()
  }
}

/** How records that fail are treated in every phase. */
export function onEveryError(decision: FailureDecision): Pick<StreamsOptions, 'onError'> {
  return { onError: decision }
}
