import { randomBytes } from 'node:crypto'
import { isRefusal } from '../changelog/isolate-refused.ts'
import { withdrawEntries } from '../commit/catalogue.ts'
import type { Claim } from '../commit/claim.ts'
import { commitBounds } from '../commit/commit-bounds.ts'
import type { Database } from '../database/database.ts'
import {
  ApplicationStoppedError,
  DatabaseRefusedError,
  TopologyRefusedError,
} from '../errors/ownership-errors.ts'
import type { StreamsError } from '../errors/streams-error.ts'
import type { FetchedBatch, GroupConsumer } from '../kafka/group-consumer.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import { readWord } from '../rebalance/leader-word.ts'
import { planDigest } from '../rebalance/plan-digest.ts'
import { taskAssignor } from '../rebalance/task-assignor.ts'
import { topologyFingerprint } from '../rebalance/topology-fingerprint.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { partitionsByTask, type ApplicationPlan } from './application-plan.ts'
import { createTask, type TaskSurroundings } from './ownership/create-task.ts'
import { Engine } from './engine.ts'
import { FailurePolicy } from './task/failure-policy.ts'
import { GlobalTables } from './global-tables.ts'
import { GroupCommit } from './group-commit.ts'
import { LagReport } from './lag-report.ts'
import { LeaderContact } from './leader-contact.ts'
import { Housekeeping } from './housekeeping.ts'
import type { Intake } from './intake.ts'
import { MemoryBounds } from './memory-bounds.ts'
import { openTasks } from './ownership/open-tasks.ts'
import { Ownership } from './ownership/ownership.ts'
import { countPartitionsIn, SinkTopics } from './sink-topics.ts'
import { patientReader } from './patient-reader.ts'
import { RelayHolder } from './relay-holder.ts'
import type { ResolvedOptions } from './streams-options.ts'
import type { Task } from './task/task.ts'

/** What an instance is put together from. */
export interface InstanceOptions {
  readonly plan: ApplicationPlan
  readonly kafka: Kafka
  readonly database: Database
  readonly options: ResolvedOptions
  readonly telemetry: Telemetry
  /** Whether processing stands still; after a change to `false` comes {@link Instance.resume}. */
  readonly isPaused: () => boolean
  /** Absent: everything is processed. */
  readonly intake?: Intake
  /** Tasks are being claimed or handed over. */
  readonly onBusy: () => void
  /** All assigned tasks are processed. */
  readonly onSettled: () => void
  readonly onFailed: (error: unknown) => void
  /** Aborts when nothing is tried again any more: a close takes too long, or nothing is to be committed. */
  readonly signal?: AbortSignal
}

/** How an instance stops. */
export interface InstanceStop {
  /** Whether what is open is committed, or forgotten. */
  readonly commit: boolean
  /** As of {@link GroupConsumer.stop}. */
  readonly leaveGroup?: boolean | undefined
}

/**
 * One member of the application's group at work: wires consumer, engine, commit, relay and ownership, which know one another
 * only through what is handed to them here.
 */
export class Instance {
  readonly #parts: InstanceOptions
  /** In the claim rows, and in the group. A static member comes back under its name, and need not wait for itself. */
  readonly #name: string
  readonly #policy: FailurePolicy
  readonly #bounds: MemoryBounds
  readonly #relays: RelayHolder
  readonly #commit: GroupCommit
  readonly #engine: Engine
  readonly #ownership: Ownership
  readonly #housekeeping: Housekeeping
  readonly #globalTables: GlobalTables
  readonly #lag: LagReport
  readonly #leader: LeaderContact
  readonly #consumer: GroupConsumer

  constructor(parts: InstanceOptions) {
    this.#parts = parts
    const { onError, deadLetterQueueTopic, groupInstanceId, cacheBytesMax } = parts.options
    this.#name = groupInstanceId ?? randomBytes(8).toString('hex')
    this.#bounds = new MemoryBounds(cacheBytesMax)
    this.#policy = new FailurePolicy(onError, parts.telemetry, deadLetterQueueTopic)
    this.#relays = this.#createRelays()
    this.#commit = this.#createCommit()
    this.#engine = this.#createEngine()
    this.#globalTables = this.#createGlobalTables()
    this.#ownership = this.#createOwnership()
    this.#housekeeping = this.#createHousekeeping()
    this.#lag = new LagReport(parts.telemetry.instruments.recordsLag, () => this.#engine.tasks)
    const { plan } = parts
    const planned = planDigest(partitionsByTask(plan), topologyFingerprint(plan.topology))
    this.#leader = new LeaderContact(planned, groupInstanceId !== undefined)
    this.#consumer = this.#createConsumer()
  }

  /** Tasks owned now. */
  get tasks(): readonly TaskId[] {
    return this.#ownership.owned
  }

  /** Whether nothing is left to process, to commit or to publish for the tasks owned now. */
  async isCaughtUp(): Promise<boolean> {
    if (!this.#isQuiet()) return false
    // Noted before Kafka is asked: of what is read and sent on until it answers, the answer may know nothing.
    const read = this.#engine.tasks.flatMap((task) =>
      task.queues.map(({ topic, partition, fetchPosition }) => ({
        ...{ topic, partition },
        nextOffset: fetchPosition,
      })),
    )
    const ranges = await this.#parts.kafka.logRanges(read)
    return read.every((one) => {
      const reached = this.#parts.intake?.seen(one) ?? one.nextOffset
      return reached >= ranges.get(formatTopicPartition(one))!.end
    })
  }

  /** What has been going on for longer than a limit without moving. */
  stuck(limitMs: number): string[] {
    const now = this.#parts.telemetry.clock.now()
    const activities: [string, number | undefined][] = [
      ['processing', this.#engine.busySince],
      ['a commit', this.#commit.busySince],
      ['publishing', this.#relays.busySince],
      ['a takeover', this.#ownership.busySince],
    ]
    return activities.flatMap(([name, since]) =>
      since !== undefined && now - since > limitMs
        ? [`${name} has not moved for ${now - since} ms`]
        : [],
    )
  }

  /** Joins the group; tasks come with its assignments. */
  async start(): Promise<void> {
    this.#engine.start()
    this.#housekeeping.start()
    this.#globalTables.start()
    this.#lag.start()
    await this.#consumer.start()
    // A member without tasks has it ready for its first: some 10 ms less without an owner.
    void this.#relays.prepare()
  }

  /** Finishes, or after a failure forgets, what is open; publishes, releases and leaves the group, or stays. */
  async stop({ commit, leaveGroup }: InstanceStop): Promise<void> {
    this.#housekeeping.stop()
    this.#globalTables.stop()
    this.#lag.stop()
    try {
      await this.#ownership.close({ commit })
    } finally {
      await this.#engine.stop()
      await this.#consumer.stop({ leaveGroup })
      await this.#relays.giveUp()
    }
  }

  /** Has the leader tell all members to stop; resolves when it has, or when a session is over: it may not answer. */
  async stopApplication(): Promise<void> {
    const { options, telemetry } = this.#parts
    if (options.groupProtocol === 'consumer')
      return telemetry.logger.error("no other instance is told to stop: groupProtocol 'consumer'")
    const heard = this.#leader.askToStop()
    this.#consumer.announce()
    await telemetry.clock.sleep(options.sessionTimeoutMs, heard)
  }

  /** A pause is over: goes on at once. */
  resume(): void {
    this.#engine.wake()
  }

  /** The clock has been moved: calls what it has made due. */
  clockMoved(): Promise<void> {
    return this.exclusive(async (tasks) => {
      if (this.#parts.isPaused()) return
      for (const task of tasks) await task.punctuate()
    })
  }

  /** Runs `job` with the tasks at work while none of them processes anything, and answers what it answers. */
  exclusive<T>(job: (tasks: readonly Task[]) => Promise<T>): Promise<T> {
    return this.#engine.exclusive(() => job(this.#engine.tasks))
  }

  #isQuiet(): boolean {
    return this.#ownership.isSettled && this.#engine.isQuiet && this.#relays.isIdle
  }

  #createRelays(): RelayHolder {
    const { kafka, options, telemetry } = this.#parts
    return new RelayHolder({
      kafka,
      applicationId: options.applicationId,
      member: () => this.#consumer.membership,
      telemetry,
      onFailed: (error) => this.#onRelayFailed(error),
      onPublished: () => this.#engine.wake(),
    })
  }

  #createCommit(): GroupCommit {
    const { kafka, database, options, telemetry, onFailed, signal } = this.#parts
    return new GroupCommit({
      database,
      bounds: commitBounds(options.sessionTimeoutMs),
      telemetry,
      retryMs: options.taskTimeoutMs,
      ...(signal && { signal }),
      produce: (records) => kafka.produce(records),
      outcomes: {
        onStarted: (batches) => this.#relays.expect(batches),
        onAttemptFailed: () => this.#relays.settle([]),
        onCommitted: (batches) => {
          this.#relays.settle(batches)
          this.#engine.wake()
        },
        onFenced: (taskIds) => this.#ownership.fenced(taskIds),
        onUnknown: (error) => this.#ownership.recover(error),
        onFailed: (error) => {
          this.#engine.halt()
          onFailed(error)
        },
      },
    })
  }

  #createEngine(): Engine {
    return new Engine({
      commit: this.#commit,
      relay: this.#relays,
      bounds: this.#bounds,
      telemetry: this.#parts.telemetry,
      commitIntervalMsMax: this.#parts.options.commitIntervalMsMax,
      isPaused: this.#parts.isPaused,
      pause: (partition: TopicPartition) => this.#consumer.pause(partition),
      resume: (partition: TopicPartition) => this.#consumer.resume(partition),
      hasMoved: (taskId) => this.#ownership.hasMoved(taskId),
      onFailed: this.#parts.onFailed,
    })
  }

  #createOwnership(): Ownership {
    const { plan, kafka, database, options, telemetry, signal } = this.#parts
    const { onBusy, onSettled, onFailed } = this.#parts
    const surroundings = this.#surroundings()
    return new Ownership({
      plan,
      context: {
        kafka,
        database,
        telemetry,
        instance: this.#name,
        bounds: commitBounds(options.sessionTimeoutMs),
      },
      engine: this.#engine,
      commit: this.#commit,
      relays: this.#relays,
      consumer: () => this.#consumer,
      open: (claims: readonly Claim[]) =>
        openTasks(
          {
            plan,
            database,
            kafka,
            relays: this.#relays,
            policy: this.#policy,
            clock: telemetry.clock,
            telemetry,
            onOffsetOutOfRange: options.onOffsetOutOfRange,
          },
          claims,
        ),
      createTask: (ready) => createTask(ready, surroundings),
      handOverTimeoutMs: options.handOverTimeoutMs,
      retryMs: options.taskTimeoutMs,
      onOffsetOutOfRange: options.onOffsetOutOfRange,
      isAssignedByBroker: options.groupProtocol === 'consumer',
      ...(signal && { signal }),
      onBusy,
      onSettled,
      onFailed,
    })
  }

  #surroundings(): TaskSurroundings {
    const { plan, kafka, database, options, telemetry } = this.#parts
    const countPartitions = countPartitionsIn(kafka, telemetry.clock, options.taskTimeoutMs)
    return {
      database: patientReader(database, telemetry.clock, options.taskTimeoutMs),
      sinkTopics: new SinkTopics(plan, options.processingGuarantee, countPartitions),
      partitionsOf: plan.partitionsOf,
      policy: this.#policy,
      telemetry,
      applicationId: options.applicationId,
      bounds: this.#bounds,
      streamTimeIdleMs: options.streamTimeIdleMs,
      timestampAheadMsMax: options.timestampAheadMsMax,
      onReadable: () => this.#engine.wake(),
      emptyAgo: (partition) => this.#consumer.emptyAgo(partition),
      hasGlobalTables: () => this.#globalTables.isLoaded,
    }
  }

  #createGlobalTables(): GlobalTables {
    const { plan, kafka, database, telemetry } = this.#parts
    const onLoaded = () => this.#engine.wake()
    return new GlobalTables({ plan, kafka, database, telemetry, onLoaded })
  }

  #createHousekeeping(): Housekeeping {
    const { plan, database, kafka, telemetry, options } = this.#parts
    return new Housekeeping({
      plan,
      database,
      kafka,
      telemetry,
      relays: this.#relays,
      tasks: () => this.#engine.tasks,
      claims: () => this.#ownership.claims,
      onFenced: (taskIds) => this.#ownership.fenced(taskIds),
      purgeIntervalMs: options.repartitionPurgeIntervalMs,
    })
  }

  #createConsumer(): GroupConsumer {
    const { plan, kafka, options } = this.#parts
    const topics = plan.topology.subtopologies.flatMap(({ sources }) =>
      sources.map(({ topic }) => topic),
    )
    return kafka.groupConsumer({
      groupId: options.applicationId,
      topics: [...new Set(topics)],
      sessionTimeoutMs: options.sessionTimeoutMs,
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      groupProtocol: options.groupProtocol,
      groupInstanceId: options.groupInstanceId,
      assignor: taskAssignor({
        partitionsOf: partitionsByTask(plan),
        owned: () => this.#ownership.owned,
        topology: topologyFingerprint(plan.topology),
        instance: this.#name,
        database: plan.databaseId,
        mustStop: () => this.#leader.mustStop,
        isUnsure: () => this.#leader.isUnsure,
      }),
      listener: {
        onAssigned: (partitions, userData) => this.#assign(partitions, userData),
        onBatch: (batch) => this.#take(batch),
        onFailed: (error: StreamsError) => void this.#ownership.fetchFailed(error),
      },
    })
  }

  #take(batch: FetchedBatch): void {
    const { intake, onFailed } = this.#parts
    if (!intake) return this.#engine.deliver(batch)
    try {
      this.#engine.deliver(intake.take(batch))
    } catch (error) {
      onFailed(error)
    }
  }

  async #assign(partitions: readonly TopicPartition[], userData: Uint8Array): Promise<void> {
    const { options, onFailed } = this.#parts
    const { applicationId } = options
    const heard = this.#leader.hear(readWord(userData))
    switch (heard.kind) {
      case 'unsure':
        return this.#consumer.announce()
      case 'refused':
        return this.#refused(new TopologyRefusedError(applicationId, heard.difference))
      case 'elsewhere':
        return this.#refused(new DatabaseRefusedError(applicationId))
      case 'assigned':
        return this.#ownership.assign(partitions, heard.instances)
      case 'answered':
        return
      case 'stopped':
        return onFailed(new ApplicationStoppedError(applicationId))
    }
  }

  /** The others go on, and will start again as they are: nothing of this one is left in the catalogue. */
  async #refused(error: StreamsError): Promise<void> {
    const { plan, database, options, telemetry, onFailed } = this.#parts
    const bounds = commitBounds(options.sessionTimeoutMs).claim
    await withdrawEntries(database, plan.added, bounds).catch((failure: unknown) =>
      telemetry.logger.warn('what a refused start has added stays in the catalogue', {
        error: failure,
      }),
    )
    onFailed(error)
  }

  /** A refused record would be refused again: the failure policy decides. Anything else is a matter of ownership. */
  #onRelayFailed(error: unknown): void {
    if (isRefusal(error)) {
      if (this.#policy.of('production', error) === 'fail') return this.#parts.onFailed(error)
      this.#relays.mustIsolate = true
    }
    this.#ownership.recover(error)
  }
}
