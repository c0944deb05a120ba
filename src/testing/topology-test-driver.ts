import { memory } from '../database/memory/index.ts'
import { memoryKafka } from '../kafka/memory/index.ts'
import type { OutgoingRecord } from '../model/record.ts'
import { parseTaskId, type TaskId } from '../model/task-id.ts'
import type { StreamsOptions } from '../runtime/streams-options.ts'
import type {
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  VersionedStoreDefinition,
  WindowStoreDefinition,
} from '../stores/contract/store-definition.ts'
import { systemClock } from '../telemetry/clock.ts'
import { consoleLogger } from '../telemetry/logger.ts'
import type { Topology } from '../topology/topology.ts'
import { TestInputTopic, type TestInputTopicOptions } from './test-input-topic.ts'
import { TestKeyValueStore } from './test-key-value-store.ts'
import { TestOutputTopic, type TestOutputTopicOptions } from './test-output-topic.ts'
import { TestVersionedStore } from './test-versioned-store.ts'
import { TestWindowedStore } from './test-windowed-store.ts'
import { findStore } from './find-store.ts'
import { ClusterApplication } from './cluster-application.ts'
import { openStepped } from './open-stepped.ts'
import type { TestedApplication } from './tested-application.ts'
import { ToyClock } from './toy-clock.ts'
import { topicsRead } from './topics-read.ts'
import type { TopologyTestDriverOptions } from './topology-test-driver-options.ts'

/** The committed rows of a store of any kind. */
export type TestStateStore =
  | TestKeyValueStore<unknown, unknown>
  | TestWindowedStore<unknown, unknown>
  | TestVersionedStore<unknown, unknown>

/**
 * Runs a topology in a test. Nothing has to be waited for, and nothing has to be started.
 *
 * With one partition (default) the whole topology is one task that takes one record at a time and commits after each, as with
 * Kafka's driver of the same name: the same records in the same order, the same times. With more, the tasks are those of
 * production; they take records in turn and commit together, so that every run is the same. With a `kafka` of your own, such as
 * `memoryKafka()`, it is the application that runs in production, with transactions, rebalances and a clock that goes on. Stores,
 * commits and outbox are those of production in all; the database is one in memory by default.
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
  readonly #app: TestedApplication
  readonly #turns = new Map<string, number>()
  /** The pipes before; each waits for them. */
  #piping: Promise<void> = Promise.resolve()

  private constructor(app: TestedApplication) {
    this.#app = app
  }

  /**
   * Makes the topics that the topology reads and writes, starts the application, and resolves when it runs.
   *
   * @throws ConfigurationError `CONFIGURATION_INVALID` and whatever `Streams.start` throws; nothing is left open then.
   */
  static async open(
    topology: Topology,
    {
      cache = false,
      partitions = 1,
      topics = [],
      commitsAfter,
      crashesAfter,
      ...given
    }: TopologyTestDriverOptions = {},
  ): Promise<TopologyTestDriver> {
    const tested = cache ? topology : topology.uncached()
    const isStepped = given.kafka === undefined
    if (!isStepped && (commitsAfter ?? crashesAfter))
      throw new TypeError(
        'commitsAfter and crashesAfter are for a driver without a kafka of your own',
      )
    const clock = new ToyClock(clockOf(given, isStepped))
    const options = { ...withDefaults(given), clock }
    const parts = { topology: tested, topics, options, partitions }
    const app = isStepped
      ? await openStepped({ ...parts, clock, commitsAfter, crashesAfter })
      : await ClusterApplication.open({ ...parts, advance: (ms) => clock.advance(ms) })
    return new TopologyTestDriver(app)
  }

  /** The tasks of the topology, `<sub-topology>_<partition>`. */
  get tasks(): readonly TaskId[] {
    return this.#app.tasks.toSorted()
  }

  /**
   * The topics that the topology writes. Where functions choose them, those that were written so far; a driver with a `kafka` of your
   * own only reads topics that the topology names.
   */
  get producedTopicNames(): readonly string[] {
    return this.#app.topicsWritten
  }

  /** @throws TypeError that names the topics there are, when the topology does not read this one. */
  createInputTopic<K, V>(
    topic: string,
    options: TestInputTopicOptions<K, V>,
  ): TestInputTopic<K, V> {
    const topics = topicsRead(this.#app.topology)
    if (!topics.includes(topic))
      throw new TypeError(`the topology does not read ${topic}; it reads ${topics.join(', ')}`)
    const target = {
      topic,
      partitions: this.#app.partitionsOf.get(topic)!,
      nextInTurn: () => this.#nextInTurn(topic),
      pipe: (records: readonly OutgoingRecord[]) => this.#pipe(records),
    }
    return new TestInputTopic(target, { startTimestamp: this.#app.now(), ...options })
  }

  /** @throws TypeError that names the topics there are, when the topology does not write this one. */
  createOutputTopic<K, V>(
    topic: string,
    options: TestOutputTopicOptions<K, V>,
  ): TestOutputTopic<K, V> {
    const queue = this.#app.queueOf(topic)
    if (queue) return new TestOutputTopic(topic, queue, options)
    const topics = this.#app.topology.outputTopics.join(', ')
    throw new TypeError(`the topology does not write ${topic}; it writes ${topics || 'none'}`)
  }

  /**
   * The committed rows of a store; `K` and `V` are what its serdes read.
   * @throws TypeError that names the stores there are, when there is none of that name, or it is of another kind.
   */
  getKeyValueStore<K, V>(name: string): TestKeyValueStore<K, V> {
    const { store, subtopology } = findStore(this.#app.topology, name, 'key-value')
    const definition = store as KeyValueStoreDefinition<K, V>
    return new TestKeyValueStore(this.#app.database, definition, () =>
      this.#partitionsOfTasks(subtopology),
    )
  }

  /**
   * The committed rows of a window store that processing sees; `K` and `V` are what its serdes read.
   * @throws TypeError that names the stores there are, when there is no such window store.
   */
  getWindowStore<K, V>(name: string): TestWindowedStore<K, V> {
    const { store } = findStore(this.#app.topology, name, 'window')
    return new TestWindowedStore(this.#app.database, store as WindowStoreDefinition<K, V>)
  }

  /**
   * The committed rows of a session store that processing sees; `K` and `V` are what its serdes read.
   * @throws TypeError that names the stores there are, when there is no such session store.
   */
  getSessionStore<K, V>(name: string): TestWindowedStore<K, V> {
    const { store } = findStore(this.#app.topology, name, 'session')
    return new TestWindowedStore(this.#app.database, store as SessionStoreDefinition<K, V>)
  }

  /**
   * The committed versions of a versioned table's rows; `K` and `V` are what its serdes read.
   * @throws TypeError that names the stores there are, when there is no such versioned store.
   */
  getVersionedStore<K, V>(name: string): TestVersionedStore<K, V> {
    const { store } = findStore(this.#app.topology, name, 'versioned')
    return new TestVersionedStore(this.#app.database, store as VersionedStoreDefinition<K, V>)
  }

  /** The committed rows of every store for which there is a method, by name. */
  getAllStateStores(): ReadonlyMap<string, TestStateStore> {
    const found = new Map<string, TestStateStore>()
    for (const { name, kind } of this.#app.topology.subtopologies.flatMap((one) => one.stores)) {
      if (kind === 'key-value') found.set(name, this.getKeyValueStore(name))
      if (kind === 'window') found.set(name, this.getWindowStore(name))
      if (kind === 'session') found.set(name, this.getSessionStore(name))
      if (kind === 'versioned') found.set(name, this.getVersionedStore(name))
    }
    return found
  }

  /**
   * Moves the clock of the application, in milliseconds, and resolves when all that has become due is done: punctuations by the
   * wall clock, and what they cause.
   */
  async advanceWallClockTime(ms: number): Promise<void> {
    await this.#app.advanceWallClockTime(ms)
  }

  /** Commits what is processed and what comes of it: with {@link TopologyTestDriverOptions.commitsAfter} some of it may wait. */
  async commit(): Promise<void> {
    await this.#app.commit()
  }

  /**
   * Stops the application and starts it again: it goes on with what the database has, and nothing else. After a failure too: the record
   * that failed is processed again.
   */
  async restart(): Promise<void> {
    await this.#app.restart()
  }

  /**
   * Ends the application as a crash does, without a commit, and starts it again: what was not committed is lost, and processed again
   * from the last commit. With {@link TopologyTestDriverOptions.crashesAfter} it may happen after any record.
   */
  async crash(): Promise<void> {
    await this.#app.crash()
  }

  /** Stops the application and closes everything that was opened, what was handed in excepted. Idempotent. */
  async close(): Promise<void> {
    await this.#app.close()
  }

  #partitionsOfTasks(subtopology: number): number[] {
    const parts = this.#app.tasks.map(parseTaskId)
    return parts.filter((part) => part.subtopology === subtopology).map((part) => part.partition)
  }

  #nextInTurn(topic: string): number {
    const turn = this.#turns.get(topic) ?? 0
    this.#turns.set(topic, turn + 1)
    return turn % this.#app.partitionsOf.get(topic)!
  }

  #pipe(records: readonly OutgoingRecord[]): Promise<void> {
    const piping = this.#piping.then(() => this.#app.pipe(records))
    this.#piping = piping.catch(() => undefined)
    return piping
  }
}

/** Stepped tasks stand still in time until it is moved; a whole application lives in ours. */
function clockOf({ clock = systemClock }: Partial<StreamsOptions>, isStepped: boolean) {
  const start = clock.now()
  return isStepped ? () => start : () => clock.now()
}

function withDefaults(given: Partial<StreamsOptions>) {
  return {
    applicationId: 'test',
    kafka: memoryKafka(),
    database: memory(),
    logger: consoleLogger('error'),
    ...given,
  } satisfies StreamsOptions
}
