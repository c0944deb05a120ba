import { commitBounds } from '../commit/commit-bounds.ts'
import type { Database } from '../database/database.ts'
import { UnexpectedError } from '../errors/unexpected-error.ts'
import { ApplicationStoppedError } from '../errors/ownership-errors.ts'
import { StreamsError } from '../errors/streams-error.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TaskId } from '../model/task-id.ts'
import { createTelemetry, type Telemetry } from '../telemetry/telemetry.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { Topology } from '../topology/topology.ts'
import type { ApplicationPlan } from './application-plan.ts'
import { TopicWatch } from './topic-watch.ts'
import { withDeadLetters } from './task/dead-letter.ts'
import { healthOf, type Health, type HealthOptions } from './health.ts'
import { Instance, type InstanceStop } from './instance.ts'
import { Lifecycle, type StateListener, type StreamsState } from './lifecycle.ts'
import { prepareApplication } from './start/prepare-application.ts'
import { prepareSerdes } from './start/prepare-serdes.ts'
import { ReplacementBackoff } from './replacement-backoff.ts'
import { requireWholeTasks } from './start/require-whole-tasks.ts'
import { decideUncaught } from './uncaught-error.ts'
import { resolveOptions, type ResolvedOptions, type StreamsOptions } from './streams-options.ts'

/** How an application closes. */
export interface CloseOptions {
  /** Gives up waiting after this long: what is not committed will be processed again. (Default: 10,000 ms) */
  readonly timeoutMs?: number
  /**
   * Whether the group is told that this member is gone, so that others take its tasks over at once. Otherwise they are released, and
   * wait for the end of the session. (Default: `true`, but `false` with a `groupInstanceId`; Kafka Streams always stays in the
   * group, since moving its state is dear)
   */
  readonly leaveGroup?: boolean | undefined
}

/**
 * A running application: a topology, a Kafka cluster and a database.
 *
 * State, offsets and outgoing records become durable in one database transaction; see `StreamsState` for the lifecycle.
 * Scale by starting the same application in more processes: its tasks are shared out by the consumer group.
 *
 * @example
 * ```ts
 * const app = new Streams(topology, {
 *   applicationId: 'wordcount',
 *   kafka: kafkajs({ brokers: ['localhost:9092'] }),
 *   database: postgres({ url: 'postgres://localhost/app' }),
 * })
 * app.on('state', (state, error) => console.log(state, error?.message))
 * await app.start()
 * process.once('SIGTERM', () => void app.close())
 * ```
 */
export class Streams {
  readonly #topology: Topology
  readonly #options: ResolvedOptions
  readonly #telemetry: Telemetry
  readonly #lifecycle = new Lifecycle()
  #kafka: Kafka | undefined
  #database: Database | undefined
  #instance: Instance | undefined
  #watch: TopicWatch | undefined
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #failure: StreamsError | undefined
  #isPaused = false
  /** Whether the worker that failed is being let go, or all instances are told: what else fails in it follows from that. */
  #isDecided = false
  /** Aborts when nothing of the application waits any more. */
  readonly #over = new AbortController()
  readonly #replacements: ReplacementBackoff
  /** Whether somebody waits for the end of {@link start}: a failure is told there, and need not be logged. */
  #hasCaller = false

  /** @throws ConfigurationError `CONFIGURATION_INVALID` naming the option that cannot be. */
  constructor(topology: Topology, options: StreamsOptions) {
    this.#topology = topology
    this.#options = resolveOptions(options)
    this.#telemetry = createTelemetry(
      definedOnly({ logger: options.logger, clock: options.clock, signals: options.signals }),
    )
    this.#replacements = new ReplacementBackoff(this.#telemetry.clock, this.#over.signal)
  }

  /** Where the application is in its life. */
  get state(): StreamsState {
    return this.#lifecycle.state
  }

  /** Tasks that this instance owns. */
  get tasks(): readonly TaskId[] {
    return this.#instance?.tasks ?? []
  }

  /**
   * Whether the application works, from what it gets done: for the probes of whoever runs it. Heartbeats go on while a handler or the
   * database hangs, and the group does not notice; this does.
   *
   * Not live is what has failed, and what has records to process, a commit, something to publish or a takeover under way of which
   * nothing has moved for longer than `stuckAfterMs`: to be started again. A pause, an empty topic, a start that takes long (migrations)
   * and a close are live. Ready is what is `running` and live. {@link Health.reasons} says why not, in words.
   *
   * @example
   * ```ts
   * const { isLive, isReady, reasons } = app.health({ stuckAfterMs: 30_000 })
   * console.log(isLive, isReady, reasons) // false false ['a commit has not moved for 30120 ms']
   * ```
   */
  health({ stuckAfterMs = 60_000 }: HealthOptions = {}): Health {
    // Its state is told when everything is closed.
    const state = this.#failure ? 'failed' : this.state
    const isAtWork = state === 'rebalancing' || state === 'running'
    return healthOf(state, (isAtWork && this.#instance?.stuck(stuckAfterMs)) || [])
  }

  /** Calls `listener` at each change of state, with an error when the application has failed, and with the state before. */
  on(_event: 'state', listener: StateListener): this {
    this.#lifecycle.onChange(listener)
    return this
  }

  /**
   * Connects, makes tables and internal topics, joins the group, and resolves when the first assignment is being processed.
   *
   * @throws KafkaUnreachableError `KAFKA_UNREACHABLE`, DatabaseUnreachableError `DATABASE_UNREACHABLE`,
   *   TopicMissingError `TOPIC_MISSING`, CatalogueMismatchError `CATALOGUE_MISMATCH`,
   *   TopologyRefusedError `TOPOLOGY_REFUSED`, DatabaseRefusedError `DATABASE_REFUSED`, what a serde says about its schema
   *   (`SCHEMA_INCOMPATIBLE`, `REGISTRY_UNREACHABLE`, …), and what stops a task; everything is closed then.
   */
  async start(): Promise<void> {
    this.#lifecycle.become('starting')
    const running = this.#untilRunning()
    this.#hasCaller = true
    try {
      this.#opening = this.#open()
      await this.#opening
    } catch (error) {
      this.#failOpening(error)
    }
    await running.finally(() => (this.#hasCaller = false))
  }

  /**
   * Lets processing stand still, as in Kafka Streams (KIP-834): records, punctuations and timers wait until {@link resume}. What is
   * processed is committed and published; the instance stays in the group, keeps its tasks, fetches until its queues are full, and
   * hands tasks over when the group says so. A slice of records that has begun is finished first: 100 ms, and the record at hand.
   *
   * It holds for this instance, in every state, for tasks that come later too, and until the process ends: nothing is stored. Called
   * before {@link start}, the application starts paused. {@link state} does not tell of it. A global table whose topic is read here
   * stands still for all instances: where an application has some, pause all of them.
   *
   * @example
   * ```ts
   * app.pause()
   * console.log(app.isPaused, app.state) // true 'running'
   * await repair()
   * app.resume()
   * ```
   */
  pause(): void {
    this.#isPaused = true
  }

  /** Ends {@link pause}: what waits is processed; a schedule by the wall clock that was missed is due once, a timer as often as it was set. */
  resume(): void {
    this.#isPaused = false
    this.#instance?.resume()
  }

  /** Whether {@link pause} was called and {@link resume} was not yet. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  /**
   * Resolves when everything that this instance's tasks have in their source topics is processed, durable and published, what
   * they send each other included. For tests: in production there is always more to come; in a pause
   * nothing is done.
   *
   * @throws the error that stopped the application meanwhile.
   */
  async caughtUp(): Promise<void> {
    for (;;) {
      const isDone = await this.#isCaughtUp()
      if (this.#failure) throw this.#failure
      if (isDone || this.#lifecycle.isOver) return
      await this.#telemetry.clock.sleep(1)
    }
  }

  /**
   * Finishes what is open, commits, publishes, releases the tasks and leaves the group, unless it has a `groupInstanceId`. Idempotent.
   *
   * @param options See {@link CloseOptions}; those of the first call count.
   *
   * @example
   * ```ts
   * await app.close({ timeoutMs: 30_000, leaveGroup: false })
   * ```
   */
  async close({ timeoutMs = 10_000, leaveGroup }: CloseOptions = {}): Promise<void> {
    if (this.#lifecycle.canBecome('stopping')) this.#lifecycle.become('stopping')
    this.#closing ??= this.#closeAll({ commit: this.#failure === undefined, leaveGroup })
    await Promise.race([this.#closing, this.#telemetry.clock.sleep(timeoutMs)])
    this.#over.abort()
    if (this.#lifecycle.canBecome('stopped')) this.#lifecycle.become('stopped')
  }

  /** For tests: ends as a crash does, without a commit. */
  async crash(): Promise<void> {
    if (this.#lifecycle.canBecome('stopping')) this.#lifecycle.become('stopping')
    this.#closing ??= this.#closeAll({ commit: false })
    await this.#closing
    if (this.#lifecycle.canBecome('stopped')) this.#lifecycle.become('stopped')
  }

  /** A client that is closed after a failure cannot be asked any more; the failure says why. */
  async #isCaughtUp(): Promise<boolean> {
    try {
      return (await this.#instance?.isCaughtUp()) ?? false
    } catch (error) {
      if (this.#failure || this.#lifecycle.isOver) return true
      throw error
    }
  }

  /** For tests that move the clock: resolves when what it has made due is done. */
  async clockMoved(): Promise<void> {
    await this.#instance?.clockMoved()
  }

  #untilRunning(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lifecycle.onChange((state, error) => {
        if (state === 'failed') reject(error ?? new UnexpectedError('the application failed'))
        else if (state === 'running' || state === 'stopped') resolve()
      })
    })
  }

  async #open(): Promise<void> {
    const { applicationId, schema, kafka, database } = this.#options
    const { logger } = this.#telemetry
    this.#kafka = await kafka.open({ clientId: applicationId, logger })
    this.#database = await database.open({ schema, logger })
    await this.#run(this.#kafka, this.#database)
  }

  async #run(kafka: Kafka, database: Database): Promise<void> {
    const { applicationId, taskTimeoutMs } = this.#options
    const topics = this.#topology.hasPatterns ? await kafka.listTopics() : []
    const runnable = this.#topology.forApplication(applicationId, topics)
    const topology = withDeadLetters(runnable, this.#options.deadLetterQueueTopic)
    // First: a start that is refused for its schemas has made nothing yet.
    await prepareSerdes(topology, { retryMs: taskTimeoutMs, signal: this.#over.signal })
    const plan = await prepareApplication(applicationId, topology, kafka, {
      database,
      telemetry: this.#telemetry,
      bounds: commitBounds(this.#options.sessionTimeoutMs),
      retryMs: this.#options.taskTimeoutMs,
      groupProtocol: this.#options.groupProtocol,
    })
    if (this.#options.groupProtocol === 'consumer') requireWholeTasks(plan)
    this.#instance = new Instance({
      plan,
      kafka,
      database,
      options: this.#options,
      telemetry: this.#telemetry,
      isPaused: () => this.#isPaused,
      onBusy: () => this.#become('rebalancing'),
      onSettled: () => this.#become('running'),
      onFailed: (error) => this.#workerFailed(error),
      signal: this.#over.signal,
    })
    this.#become('rebalancing')
    await this.#instance.start()
    this.#watch = this.#watchTopics(kafka, database, runnable, plan)
  }

  #watchTopics(
    kafka: Kafka,
    database: Database,
    running: RunnableTopology,
    plan: ApplicationPlan,
  ): TopicWatch {
    const { applicationId, metadataMaxAgeMs: everyMs } = this.#options
    // Other topics are other partitions of tasks, or other tasks: everything is committed and begins anew, and is shared out anew.
    const onChanged = () => {
      // A turn later: who closes as soon as it begins waits for it.
      const how = { commit: true, leaveGroup: true }
      this.#opening = Promise.resolve().then(() => this.#runAgain(kafka, database, how))
      this.#opening.catch((error: unknown) => this.#failOpening(error))
    }
    const context = { topology: this.#topology, applicationId, kafka, telemetry: this.#telemetry }
    return new TopicWatch({ ...context, everyMs, onChanged }, running, plan)
  }

  async #runAgain(kafka: Kafka, database: Database, how: InstanceStop): Promise<void> {
    if (this.#closing) return
    const before = this.#instance
    this.#instance = undefined
    this.#become('rebalancing')
    await before?.stop(how)
    // Of what failed the tasks are the others' by now.
    if (!how.commit) await this.#replacements.wait()
    this.#isDecided = false
    // It may have been closed, or have failed, meanwhile.
    if (!this.#closing) await this.#run(kafka, database)
  }

  #become(state: StreamsState): void {
    if (this.#lifecycle.state !== state && this.#lifecycle.canBecome(state))
      this.#lifecycle.become(state)
  }

  /** An orderly close ends what is being opened: that is no failure. */
  #failOpening(cause: unknown): void {
    if (!this.#closing) this.#fail(cause)
  }

  /** A worker cannot go on: the handler says what becomes of it. */
  #workerFailed(cause: unknown): void {
    if (this.#isDecided || this.#closing) return
    const { logger } = this.#telemetry
    const error = toStreamsError(cause)
    const decision = decideUncaught(this.#options.onUncaughtError, error, logger)
    if (decision === 'stop-instance') return this.#fail(error)
    this.#isDecided = true
    logger.error(`${error.message}: ${decision}`, { error, code: error.code })
    if (decision === 'replace-worker') this.#replaceWorker()
    else void Promise.resolve(this.#instance?.stopApplication()).finally(() => this.#fail(error))
  }

  /** Once what is being opened is open: who closes meanwhile waits for both. */
  #replaceWorker(): void {
    this.#watch?.stop()
    this.#opening = Promise.resolve(this.#opening)
      .catch(() => undefined)
      .then(() => this.#runAgain(this.#kafka!, this.#database!, { commit: false }))
    this.#opening.catch((error: unknown) => this.#failOpening(error))
  }

  /** The first failure decides; the application lets go of everything and says why. */
  #fail(cause: unknown): void {
    if (this.#failure || this.#lifecycle.isOver) return
    const error = toStreamsError(cause)
    this.#failure = error
    if (!this.#hasCaller) this.#telemetry.logger.error(error.message, { error, code: error.code })
    // Who only stops with the others has done nothing wrong.
    this.#closing ??= this.#closeAll({ commit: error instanceof ApplicationStoppedError })
    void this.#closing.then(() => {
      if (this.#lifecycle.canBecome('failed')) this.#lifecycle.become('failed', error)
    })
  }

  /** What is still being opened is closed too: afterwards nothing is left. */
  async #closeAll(how: InstanceStop): Promise<void> {
    if (!this.#instance || !how.commit) this.#over.abort()
    this.#watch?.stop()
    await this.#opening?.catch(() => undefined)
    for (const step of [
      () => this.#instance?.stop(how),
      async () => this.#watch?.stop(),
      async () => this.#over.abort(),
      () => this.#kafka?.close(),
      () => this.#database?.close(),
    ]) {
      try {
        await step()
      } catch (error) {
        this.#telemetry.logger.warn('closing was not clean', { error })
      }
    }
  }
}

function toStreamsError(cause: unknown): StreamsError {
  return StreamsError.is(cause) ? cause : new UnexpectedError(String(cause), { cause })
}

function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as never
}
