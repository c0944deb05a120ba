import { memory } from '../database/memory/index.ts'
import { memoryKafka } from '../kafka/memory/index.ts'
import type { OutgoingRecord } from '../model/record.ts'
import { parseTaskId, type TaskId } from '../model/task-id.ts'
import { resolveOptions, type StreamsOptions } from '../runtime/streams-options.ts'
import { Streams } from '../runtime/streams.ts'
import type { StoreDefinition } from '../stores/contract/store-definition.ts'
import { systemClock, type Clock } from '../telemetry/clock.ts'
import { consoleLogger } from '../telemetry/logger.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { Topology } from '../topology/topology.ts'
import { TestInputTopic, type TestInputTopicOptions } from './test-input-topic.ts'
import { TestKeyValueStore } from './test-key-value-store.ts'
import { TestOutputTopic, type TestOutputTopicOptions } from './test-output-topic.ts'
import { findStore } from './find-store.ts'
import { openSurroundings, type TestSurroundings } from './test-surroundings.ts'
import { topicsRead } from './topics-read.ts'
import type { TopologyTestDriverOptions } from './topology-test-driver-options.ts'

/** What a driver is made of. */
interface DriverParts {
  readonly app: Streams
  readonly topology: RunnableTopology
  readonly surroundings: TestSurroundings
  readonly clock: Clock
}

/**
 * Runs a topology in a test: the runtime that runs in production, between a Kafka in this process and a database of choice,
 * by default one in memory. Commits, outbox, transactions and several partitions are all real; nothing has to be waited for.
 *
 * What does not change from run to run: the order of each output partition, and what each record causes. Null keys are spread
 * over the partitions in turn; other keys go where Java's producer sends them.
 *
 * @example
 * ```ts
 * const driver = await TopologyTestDriver.open(topology)
 * const lines = driver.createInputTopic('lines', { key: serdes.string, value: serdes.string })
 * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
 * await lines.pipeInput({ value: 'kafka sql kafka' })
 * counts.readKeyValues() // [['kafka', 1n], ['sql', 1n], ['kafka', 2n]]
 * await driver.getKeyValueStore('counts').get('kafka') // 2
 * await driver.close()
 * ```
 */
export class TopologyTestDriver {
  readonly #parts: DriverParts
  readonly #turns = new Map<string, number>()
  /** The pipes before; each waits for them. */
  #piping: Promise<void> = Promise.resolve()

  private constructor(parts: DriverParts) {
    this.#parts = parts
  }

  /**
   * Makes the topics that the topology reads and writes, starts the application, and resolves when it runs.
   *
   * @throws ConfigurationError `CONFIGURATION_INVALID` and whatever `Streams.start` throws; nothing is left open then.
   */
  static async open(
    topology: Topology,
    { cache = false, partitions = 1, ...given }: TopologyTestDriverOptions = {},
  ): Promise<TopologyTestDriver> {
    const options = withDefaults(given)
    const tested = cache ? topology : topology.uncached()
    const runnable = tested.forApplication(options.applicationId)
    const surroundings = await openSurroundings({
      topology: runnable,
      options: resolveOptions(options),
      logger: options.logger,
      partitions,
    })
    const app = new Streams(tested, options)
    try {
      await app.start()
    } catch (error) {
      await surroundings.close()
      throw error
    }
    return new TopologyTestDriver({ app, topology: runnable, surroundings, clock: options.clock })
  }

  /** The tasks of the topology, `<sub-topology>_<partition>`. */
  get tasks(): readonly TaskId[] {
    return this.#parts.app.tasks.toSorted()
  }

  /** @throws TypeError that names the topics there are, when the topology does not read this one. */
  createInputTopic<K, V>(
    topic: string,
    options: TestInputTopicOptions<K, V>,
  ): TestInputTopic<K, V> {
    const { topology, surroundings, clock } = this.#parts
    const topics = topicsRead(topology)
    if (!topics.includes(topic))
      throw new TypeError(`the topology does not read ${topic}; it reads ${topics.join(', ')}`)
    const target = {
      topic,
      partitions: surroundings.partitionsOf.get(topic)!,
      nextInTurn: () => this.#nextInTurn(topic),
      pipe: (records: readonly OutgoingRecord[]) => this.#pipe(records),
    }
    return new TestInputTopic(target, { startTimestamp: clock.now(), ...options })
  }

  /** @throws TypeError that names the topics there are, when the topology does not write this one. */
  createOutputTopic<K, V>(
    topic: string,
    options: TestOutputTopicOptions<K, V>,
  ): TestOutputTopic<K, V> {
    const queue = this.#parts.surroundings.reader.queueOf(topic)
    if (queue) return new TestOutputTopic(topic, queue, options)
    const topics = this.#parts.topology.outputTopics.join(', ')
    throw new TypeError(`the topology does not write ${topic}; it writes ${topics || 'none'}`)
  }

  /**
   * The committed rows of a store; `K` and `V` are what its serdes read.
   * @throws TypeError that names the stores there are, when there is none of that name.
   */
  getKeyValueStore<K, V>(name: string): TestKeyValueStore<K, V> {
    const { topology, surroundings } = this.#parts
    const { store, subtopology } = findStore(topology, name)
    return new TestKeyValueStore(surroundings.database, store as StoreDefinition<K, V>, () =>
      this.#partitionsOfTasks(subtopology),
    )
  }

  /** Stops the application and closes everything that was opened, what was handed in excepted. Idempotent. */
  async close(): Promise<void> {
    const { app, surroundings } = this.#parts
    await app.close()
    await surroundings.close()
  }

  #partitionsOfTasks(subtopology: number): number[] {
    const parts = this.#parts.app.tasks.map(parseTaskId)
    return parts.filter((part) => part.subtopology === subtopology).map((part) => part.partition)
  }

  #nextInTurn(topic: string): number {
    const turn = this.#turns.get(topic) ?? 0
    this.#turns.set(topic, turn + 1)
    return turn % this.#parts.surroundings.partitionsOf.get(topic)!
  }

  #pipe(records: readonly OutgoingRecord[]): Promise<void> {
    const piping = this.#piping.then(() => this.#pipeNow(records))
    this.#piping = piping.catch(() => undefined)
    return piping
  }

  async #pipeNow(records: readonly OutgoingRecord[]): Promise<void> {
    const { app, surroundings } = this.#parts
    surroundings.reader.ignoreNext(records)
    await surroundings.kafka.produce(records)
    await app.caughtUp()
    await surroundings.reader.caughtUp()
  }
}

function withDefaults(given: Partial<StreamsOptions>) {
  return {
    applicationId: 'test',
    kafka: memoryKafka(),
    database: memory(),
    logger: consoleLogger('error'),
    clock: systemClock,
    ...given,
  } satisfies StreamsOptions
}
