import { readClaims, type Claim } from '../../commit/claim.ts'
import { OffsetOutOfRangeError } from '../../errors/kafka-errors.ts'
import { StreamsError, type Reaction } from '../../errors/streams-error.ts'
import type { GroupConsumer } from '../../kafka/group-consumer.ts'
import type { TaskId } from '../../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import {
  awaitRelease,
  takeOver,
  type ClaimGround,
  type TakeOverContext,
} from '../../rebalance/take-over.ts'
import { tasksByPartition, type ApplicationPlan } from '../application-plan.ts'
import { Backoff } from '../backoff.ts'
import type { Engine } from '../engine.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { ReadyTask } from './open-tasks.ts'
import { patiently } from '../patiently.ts'
import type { RelayHolder } from '../relay-holder.ts'
import { releaseTasks, type ReleaseOptions } from './release-tasks.ts'
import type { OffsetOutOfRangeDecision } from '../streams-options.ts'
import type { PartitionQueue } from '../task/partition-queue.ts'
import type { Task } from '../task/task.ts'
import { within } from './within.ts'

/** What ownership works with. */
export interface OwnershipOptions {
  readonly plan: ApplicationPlan
  readonly context: TakeOverContext
  readonly engine: Engine
  readonly commit: GroupCommit
  readonly relays: RelayHolder
  readonly consumer: () => GroupConsumer
  /** Second half of a takeover. */
  readonly open: (claims: readonly Claim[]) => Promise<ReadyTask[]>
  readonly createTask: (ready: ReadyTask) => Promise<Task>
  /** How long a living owner has to release a task that was assigned away from it, be it another instance or this one. */
  readonly handOverTimeoutMs: number
  /** How long a takeover that fails for passing reasons is tried again. */
  readonly retryMs: number
  readonly onOffsetOutOfRange: OffsetOutOfRangeDecision
  /** Whether partitions come and go without regard to tasks: one of which some are assigned elsewhere is not for this instance. */
  readonly isAssignedByBroker: boolean
  /** Aborts when nothing is tried again any more. */
  readonly signal?: AbortSignal
  readonly onBusy: () => void
  readonly onSettled: () => void
  readonly onFailed: (error: unknown) => void
}

/** A fenced task that is still assigned is claimed again after this long: whoever fenced us may be right, and the group will say so. */
const FENCED_BACK_OFF_MS = 1_000
/** After these a takeover is begun again. */
const PASSING: ReadonlySet<Reaction> = new Set(['retry', 'wait', 'rejoin'])

/**
 * Makes the tasks that this instance owns those that the group assigned to it.
 *
 * Events only note what is wanted: {@link assign}, {@link recover}, {@link fenced}. One reconciliation at a time then takes
 * steps until owned equals wanted: recover first, then release what is lost, then take over what is gained. An event that
 * comes in the middle is seen by the next step.
 */
export class Ownership {
  readonly #options: OwnershipOptions
  readonly #taskOf: ReadonlyMap<string, TaskId>
  readonly #owned = new Map<TaskId, Claim>()
  readonly #pausing = new Set<TaskId>()
  #wanted: ReadonlySet<TaskId> = new Set()
  #mustRecover = false
  #backoff: Backoff | undefined
  #isClosed = false
  #reconciling: Promise<void> | undefined
  #busySince = 0
  #assignmentChanged = new AbortController()
  /** Names of all members; `undefined` where the leader does not know all. */
  #members: ReadonlySet<string> | undefined

  constructor(options: OwnershipOptions) {
    this.#options = options
    this.#taskOf = tasksByPartition(options.plan)
  }

  /** Tasks that this instance owns, as far as it knows. */
  get owned(): readonly TaskId[] {
    return [...this.#owned.keys()]
  }

  /** The claims of {@link owned}. */
  get claims(): readonly Claim[] {
    return [...this.#owned.values()]
  }

  /** Whether owned equals wanted, as far as can be done now. */
  get isSettled(): boolean {
    return this.#reconciling === undefined && this.#wanted.size === this.#owned.size
  }

  /** Since when tasks are being claimed or handed over, a new assignment counts as a new beginning; `undefined` when settled. */
  get busySince(): number | undefined {
    return this.#reconciling && this.#busySince
  }

  /**
   * The group has spoken. Tasks that stay go on at once; the rest follows.
   *
   * @param members Names of all instances of the group, where the leader knows them.
   * @returns what resolves once owned equals wanted, or an error was told.
   */
  async assign(partitions: readonly TopicPartition[], members?: readonly string[]): Promise<void> {
    this.#wanted = this.#tasksOf(partitions)
    this.#members = members && new Set(members)
    this.#busySince = this.#options.context.telemetry.clock.now()
    this.#assignmentChanged.abort()
    this.#assignmentChanged = new AbortController()
    this.#options.engine.refetch((queue) => this.#fetch(queue))
    this.#kick()
    await this.#reconciling
  }

  #tasksOf(partitions: readonly TopicPartition[]): Set<TaskId> {
    const assigned = new Set(partitions.map(formatTopicPartition))
    // Of a topic that this instance has not found yet there is no task.
    const tasks = new Set([...assigned].flatMap((name) => this.#taskOf.get(name) ?? []))
    if (!this.#options.isAssignedByBroker) return tasks
    const isWhole = (taskId: TaskId) =>
      this.#options.plan.tasks
        .get(taskId)!
        .partitions.every((partition) => assigned.has(formatTopicPartition(partition)))
    return new Set([...tasks].filter(isWhole))
  }

  /** An outcome is unknown, or the producer is fenced: every task has to prove its ownership anew. */
  recover(error: unknown): void {
    this.#options.context.telemetry.logger.warn('claiming all tasks again', { error })
    this.#mustRecover = true
    // At once: a unit committed after one that may not be durable would skip it.
    const { engine } = this.#options
    engine.remove(engine.tasks.map((task) => task.id))
    this.#kick()
  }

  /** These tasks have a newer owner: forget them, and claim them again later if they are still assigned here. */
  fenced(taskIds: readonly TaskId[]): void {
    const { engine, context } = this.#options
    context.telemetry.logger.warn('tasks are owned by a newer epoch', { tasks: taskIds })
    engine.remove(taskIds)
    this.#forget(taskIds)
    for (const taskId of taskIds) this.#pausing.add(taskId)
    setTimeout(() => {
      for (const taskId of taskIds) this.#pausing.delete(taskId)
      this.#kick()
    }, FENCED_BACK_OFF_MS).unref()
  }

  /**
   * Whether a task has another owner by now; it is forgotten then. Who was away for long, and fails, may have met with what its successor
   * has done meanwhile: rows that are ahead of its records, an internal topic that was cleared.
   */
  async hasMoved(taskId: TaskId): Promise<boolean> {
    const claim = this.#owned.get(taskId)
    if (!claim) return true
    const [row] = await this.#patiently(() => readClaims(this.#options.context.database, [taskId]))
    if (row?.epoch === claim.epoch) return false
    this.fenced([taskId])
    return true
  }

  /**
   * Fetching has failed. For an offset that is gone that is no failure where its task has another owner. Where the application is to
   * go on, the tasks are opened again: from what is stored, so that no record is left out that is still there.
   */
  async fetchFailed(error: StreamsError): Promise<void> {
    const { onFailed, onOffsetOutOfRange } = this.#options
    if (!(error instanceof OffsetOutOfRangeError)) return onFailed(error)
    const taskId = this.#taskOf.get(formatTopicPartition(error.partition))
    if (!taskId) return
    try {
      if (await this.hasMoved(taskId)) return
      if (onOffsetOutOfRange === 'fail') onFailed(error)
      else this.recover(error)
    } catch {
      onFailed(error)
    }
  }

  /** Commits, publishes and releases everything; afterwards no event has an effect. */
  async close({ commit }: { readonly commit: boolean }): Promise<void> {
    this.#isClosed = true
    this.#assignmentChanged.abort()
    await this.#reconciling
    await this.#release(this.owned, { commit })
  }

  #kick(): void {
    if (this.#isClosed || this.#reconciling) return
    this.#busySince = this.#options.context.telemetry.clock.now()
    // Begins in a later turn: a reconciliation that has nothing to wait for must not end before it is noted here.
    this.#reconciling = Promise.resolve()
      .then(() => this.#reconcile())
      .catch((error: unknown) => this.#options.onFailed(error))
  }

  async #reconcile(): Promise<void> {
    while (!this.#isClosed) {
      if (this.#mustRecover) await this.#recoverAll()
      else if (this.#lost().length > 0) await this.#revoke(this.#lost())
      else if (this.#gained().length > 0) await this.#gain(this.#gained())
      else break
    }
    // In the same turn as the last look: an event from now on starts a new reconciliation.
    this.#reconciling = undefined
    if (!this.#isClosed) this.#options.onSettled()
  }

  #lost(): TaskId[] {
    return this.owned.filter((taskId) => !this.#wanted.has(taskId))
  }

  #gained(): TaskId[] {
    return [...this.#wanted].filter(
      (taskId) => !this.#owned.has(taskId) && !this.#pausing.has(taskId),
    )
  }

  /**
   * Releases tasks that were assigned away, all in the time that their new owners wait. After that these take them by force, whatever
   * hangs here: so that nobody waits for what cannot be released, the tasks are forgotten.
   */
  async #revoke(taskIds: readonly TaskId[]): Promise<void> {
    const { engine, context, handOverTimeoutMs: limitMs, onFailed } = this.#options
    const work = (over: AbortSignal) => this.#release(taskIds, { commit: true, over })
    const { clock, logger } = context.telemetry
    if (await within(clock, { work, limitMs, onLate: onFailed })) return
    logger.warn('tasks could not be released in time', { tasks: taskIds, limitMs })
    engine.remove(taskIds)
    this.#forget(taskIds)
  }

  #release(taskIds: readonly TaskId[], options: ReleaseOptions): Promise<void> {
    const { context, engine, commit, relays, onBusy } = this.#options
    onBusy()
    const disown = (some: readonly TaskId[]) => {
      const claims = some.flatMap((taskId) => this.#owned.get(taskId) ?? [])
      this.#forget(some)
      return this.#mustRecover ? [] : claims
    }
    const patiently = (step: () => Promise<void>) => this.#patiently(step)
    return releaseTasks({ context, engine, commit, relays, disown, patiently }, taskIds, options)
  }

  #forget(taskIds: readonly TaskId[]): void {
    for (const taskId of taskIds) this.#owned.delete(taskId)
    this.#options.relays.forget(taskIds)
  }

  async #recoverAll(): Promise<void> {
    const { engine, relays, commit } = this.#options
    this.#options.onBusy()
    await engine.exclusive(async () => {
      await commit.settled()
      engine.remove(engine.tasks.map((task) => task.id))
    })
    this.#mustRecover = false
    await relays.giveUp()
    const held = this.claims.filter(({ taskId }) => this.#wanted.has(taskId))
    this.#owned.clear()
    if (held.length > 0) await this.#takeOver({ held })
  }

  async #gain(taskIds: readonly TaskId[]): Promise<void> {
    const { context, handOverTimeoutMs: timeoutMs, isAssignedByBroker } = this.#options
    const { signal } = this.#assignmentChanged
    const isMember = (instance: string) => this.#members?.has(instance) ?? true
    this.#options.onBusy()
    // A broker assigns what its owner has given back, or what had one that is gone: who has not released it never will.
    if (!isAssignedByBroker)
      await this.#patiently(() => awaitRelease(context, taskIds, { timeoutMs, isMember, signal }))
    if (signal.aborted) return
    await this.#takeOver({ assigned: taskIds })
  }

  /**
   * Claims, opens and starts tasks. After a failure in the middle nobody knows what our rows say: all tasks are claimed anew.
   *
   * INVARIANT: a task starts from what one epoch has left. It is read by many statements, between which a next owner may commit.
   */
  async #takeOver(ground: ClaimGround): Promise<void> {
    const { context, relays, open, engine, createTask } = this.#options
    let claims: readonly Claim[] = []
    try {
      claims = await takeOver(context, ground, () => relays.transactionalId())
      for (const claim of claims) this.#owned.set(claim.taskId, claim)
      const ready = await open(claims)
      const tasks = await Promise.all(ready.map(createTask))
      if (await this.#wasOvertaken(claims)) return
      this.#backoff = undefined
      if (this.#mustRecover) return
      for (const task of tasks) engine.add(task)
      for (const queue of ready.flatMap(({ queues }) => queues)) {
        // It may have been paused under an earlier claim.
        this.#options.consumer().resume(queue)
        this.#fetch(queue)
      }
    } catch (error) {
      if (await this.#wasOvertaken(claims)) return
      if (!StreamsError.is(error) || !PASSING.has(error.reaction)) throw error
      await this.#tryAgainLater(error)
    }
  }

  /**
   * Whether tasks got another owner in the middle of the takeover: then what was read (log ranges, offsets, progress) does not
   * fit together, and an error made of it proves nothing.
   */
  async #wasOvertaken(claims: readonly Claim[]): Promise<boolean> {
    const { context } = this.#options
    const mine = new Map(claims.map(({ taskId, epoch }) => [taskId, epoch]))
    const rows = await this.#patiently(() => readClaims(context.database, [...mine.keys()]))
    const moved = rows.filter(({ taskId, epoch }) => mine.get(taskId) !== epoch)
    if (moved.length === 0) return false
    this.fenced(moved.map(({ taskId }) => taskId))
    this.#mustRecover = true
    return true
  }

  #fetch({ topic, partition, fetchPosition, leaderEpoch }: PartitionQueue): void {
    this.#options.consumer().fetchFrom({ topic, partition }, fetchPosition, leaderEpoch)
  }

  async #tryAgainLater(error: StreamsError): Promise<void> {
    this.#options.context.telemetry.logger.warn('a takeover failed and is tried again', { error })
    const backoff = (this.#backoff ??= this.#createBackoff())
    if (!(await (error.reaction === 'wait' ? backoff.waitOn() : backoff.wait()))) throw error
    this.#mustRecover = true
  }

  #patiently<T>(step: () => Promise<T>): Promise<T> {
    return patiently(step, this.#createBackoff())
  }

  #createBackoff(): Backoff {
    const { context, retryMs, signal } = this.#options
    return new Backoff(context.telemetry.clock, retryMs, signal)
  }
}
