import type { Database } from '../database/database.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'
import { withDeadLetters } from '../runtime/task/dead-letter.ts'
import { resolveOptions, type StreamsOptions } from '../runtime/streams-options.ts'
import { Streams } from '../runtime/streams.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { Topology } from '../topology/topology.ts'
import type { OutputQueue } from './output-queue.ts'
import { openSurroundings, type TestSurroundings } from './test-surroundings.ts'
import type { TestedApplication } from './tested-application.ts'

/** What a cluster application is made of. */
export interface ClusterParts {
  readonly topology: Topology
  /** For sources by pattern. */
  readonly topics: readonly string[]
  readonly options: StreamsOptions & { readonly logger: Logger; readonly clock: Clock }
  /** Of topics that are made. */
  readonly partitions: number
  /** Moves the clock of the options. */
  readonly advance: (ms: number) => void
}

/** A whole application between a Kafka and a database: real tasks, transactions, rebalances. */
export class ClusterApplication implements TestedApplication {
  readonly topology: RunnableTopology
  readonly #parts: ClusterParts
  readonly #surroundings: TestSurroundings
  #app: Streams

  private constructor(parts: ClusterParts, topology: RunnableTopology, around: TestSurroundings) {
    this.topology = topology
    this.#parts = parts
    this.#surroundings = around
    this.#app = new Streams(parts.topology, parts.options)
  }

  /** Makes the topics that the topology reads and writes, and resolves when the application runs. Else nothing is left open. */
  static async open(parts: ClusterParts): Promise<ClusterApplication> {
    const { topology, options, partitions } = parts
    const { deadLetterQueueTopic } = options
    const runnable = withDeadLetters(
      topology.forApplication(options.applicationId, parts.topics),
      deadLetterQueueTopic,
    )
    const surroundings = await openSurroundings({
      topology: runnable,
      options: resolveOptions(options),
      logger: options.logger,
      partitions,
    })
    const application = new ClusterApplication(parts, runnable, surroundings)
    try {
      await application.#app.start()
    } catch (error) {
      await surroundings.close()
      throw error
    }
    return application
  }

  get tasks(): readonly TaskId[] {
    return this.#app.tasks
  }

  get partitionsOf(): ReadonlyMap<string, number> {
    return this.#surroundings.partitionsOf
  }

  get topicsWritten(): readonly string[] {
    return this.topology.outputTopics
  }

  get database(): Database {
    return this.#surroundings.database
  }

  now(): number {
    return this.#parts.options.clock.now()
  }

  queueOf(topic: string): OutputQueue | undefined {
    return this.#surroundings.reader.queueOf(topic)
  }

  async pipe(records: readonly OutgoingRecord[]): Promise<void> {
    const { reader, kafka } = this.#surroundings
    reader.ignoreNext(records)
    await kafka.produce(records)
    await this.#settled()
  }

  async commit(): Promise<void> {
    await this.#settled()
  }

  async advanceWallClockTime(ms: number): Promise<void> {
    this.#parts.advance(ms)
    await this.#app.clockMoved()
    await this.#settled()
  }

  async restart(): Promise<void> {
    await this.#app.close()
    await this.#startAgain()
  }

  async crash(): Promise<void> {
    await this.#app.crash()
    await this.#startAgain()
  }

  async #startAgain(): Promise<void> {
    this.#app = new Streams(this.#parts.topology, this.#parts.options)
    await this.#app.start()
    await this.#settled()
  }

  async close(): Promise<void> {
    await this.#app.close()
    await this.#surroundings.close()
  }

  async #settled(): Promise<void> {
    await this.#app.caughtUp()
    await this.#surroundings.reader.caughtUp()
  }
}
