import type { OutboxKey } from '../commit/commit-unit.ts'
import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { GroupCommit } from './group-commit.ts'
import type { MemoryBounds } from './memory-bounds.ts'
import type { PartitionQueue } from './task/partition-queue.ts'
import type { Task } from './task/task.ts'
import { WakeUp } from './wake-up.ts'

/** The relay as the engine sees it. */
export interface EngineRelay {
  /** Outbox rows of a task that are known to be published, each handed out once. */
  takePublished(taskId: TaskId): readonly OutboxKey[]
  hasPublished(taskId: TaskId): boolean
  /** Whether nothing is being published: then a commit's records are sent while the database works. */
  readonly isIdle: boolean
}

/** What an engine works with. */
export interface EngineOptions {
  readonly commit: GroupCommit
  readonly relay: EngineRelay
  readonly telemetry: Telemetry
  readonly bounds: MemoryBounds
  /** A unit grows as long as more records wait than it holds, and this long at most. */
  readonly commitIntervalMsMax: number
  /** Whether processing stands still: what is fetched waits, what is done is committed. */
  readonly isPaused: () => boolean
  readonly pause: (partition: TopicPartition) => void
  readonly resume: (partition: TopicPartition) => void
  /** Whether a task has another owner by now, of whom nobody has told; it is taken out then. */
  readonly hasMoved: (taskId: TaskId) => Promise<boolean>
  readonly onFailed: (error: unknown) => void
}

/** Records a task processes before the others have their turn, and before the event loop has one. */
const ROUND_RECORDS = 2_000
/** Records that wait in one partition's queue before fetching pauses, unless their bytes are many; at half of it fetching resumes. */
const QUEUE_RECORDS_MAX = 50_000
const IDLE_SLEEP_MS = 1_000

/**
 * The one loop of an instance: process, commit, sleep.
 *
 * Each round lets every task process a slice, then seals and commits all of them when it is time. While that commit and the
 * Kafka transaction after it are in flight, the next rounds go on. Jobs given to {@link exclusive} run between two rounds,
 * when no record is half processed: this is where tasks come and go.
 */
export class Engine {
  readonly #options: EngineOptions
  readonly #tasks = new Map<TaskId, Task>()
  readonly #taskOf = new Map<string, Task>()
  readonly #paused = new Set<string>()
  readonly #wakeUp = new WakeUp()
  #jobs: (() => Promise<void>)[] = []
  #openSince = 0
  /** Records in the open unit. */
  #openRecords = 0
  #busySince: number | undefined
  #running: Promise<void> | undefined
  #isStopped = false
  #isOver = false

  constructor(options: EngineOptions) {
    this.#options = options
  }

  /** Tasks that are being processed. */
  get tasks(): readonly Task[] {
    return [...this.#tasks.values()]
  }

  /** Whether everything that was fetched is processed and durable. */
  get isQuiet(): boolean {
    const hasWork = this.tasks.some(
      (task) => task.isDirty || task.queues.some((queue) => queue.length > 0),
    )
    return this.#options.commit.isIdle && !hasWork
  }

  /** Since when records, punctuations or jobs are being worked on, or could be, and none is done; `undefined` when nothing waits. */
  get busySince(): number | undefined {
    return this.#busySince
  }

  /** Starts the loop. */
  start(): void {
    this.#running ??= this.#loop()
  }

  /** Ends the loop after the round under way; from now on nothing is committed. */
  async stop(): Promise<void> {
    this.halt()
    await this.#running
  }

  /**
   * Something has failed for good. INVARIANT: a unit that is not durable is followed by no other, which would skip what it had
   * processed; and what failed is not committed half.
   */
  halt(): void {
    this.#isStopped = true
    this.#wakeUp.call()
  }

  /** Something has happened that the loop may be waiting for. */
  wake(): void {
    this.#wakeUp.call()
  }

  add(task: Task): void {
    this.#tasks.set(task.id, task)
    this.#options.bounds.add(task)
    for (const queue of task.queues) {
      this.#paused.delete(formatTopicPartition(queue))
      this.#taskOf.set(formatTopicPartition(queue), task)
    }
    this.wake()
  }

  /** A new assignment has stopped all fetching: the partitions of tasks that stayed go on where they were. */
  refetch(fetch: (queue: PartitionQueue) => void): void {
    this.#paused.clear()
    for (const task of this.#tasks.values()) for (const queue of task.queues) fetch(queue)
  }

  /** Takes tasks out: their caches and open units are forgotten. */
  remove(taskIds: readonly TaskId[]): void {
    for (const taskId of taskIds) {
      const task = this.#tasks.get(taskId)
      if (!task) continue
      task.close()
      this.#options.bounds.remove(task)
      for (const queue of task.queues) this.#taskOf.delete(formatTopicPartition(queue))
      this.#tasks.delete(taskId)
    }
  }

  /** Appends fetched records to their task's queue; without a task they are not ours any more. */
  deliver(batch: FetchedBatch): void {
    this.#taskOf.get(formatTopicPartition(batch))?.add(batch)
    this.#throttle(batch)
    this.wake()
  }

  /** Runs `job` between two rounds, and answers what it answers. */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    if (this.#isOver) return job()
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push(() => job().then(resolve, reject))
      this.wake()
    })
  }

  /** Makes everything durable that is processed. Only inside {@link exclusive}. */
  async commitAll(): Promise<void> {
    await this.#options.commit.settled()
    await this.#sealAndCommit(this.tasks.filter((task) => task.isDirty || task.progress.isRewound))
    await this.#options.commit.settled()
  }

  async #loop(): Promise<void> {
    try {
      while (!this.#isStopped) {
        this.#busySince ??= this.#options.telemetry.clock.now()
        await this.#runJobs()
        const processed = this.#options.isPaused() ? 0 : await this.#processRound()
        await this.#commitWhenDue(processed === 0)
        if (processed > 0 || !this.#isHeldUp()) this.#busySince = undefined
        if (processed === 0 && this.#jobs.length === 0) await this.#wakeUp.sleep(this.#sleepMs())
        else await nextTurn()
      }
    } catch (error) {
      this.halt()
      this.#options.onFailed(error)
    }
    // Whoever waits for the loop must not wait for ever.
    while (this.#jobs.length > 0) await this.#runJobs()
    this.#isOver = true
  }

  #isHeldUp(): boolean {
    return !this.#options.isPaused() && this.tasks.some((task) => task.isHeldUp)
  }

  async #runJobs(): Promise<void> {
    const jobs = this.#jobs
    this.#jobs = []
    for (const job of jobs) await job()
  }

  async #processRound(): Promise<number> {
    const now = this.#options.telemetry.clock.now()
    for (const task of this.tasks)
      if (task.nextPunctuation <= now) await this.#unlessMoved(task, () => task.punctuate())
    const done = await Promise.all(
      this.tasks.map((task) => this.#unlessMoved(task, () => task.process(ROUND_RECORDS))),
    )
    const processed = done.reduce<number>((sum, count) => sum + (count ?? 0), 0)
    if (processed > 0) this.#options.telemetry.instruments.recordsProcessed.add(processed)
    if (processed > 0 && this.#openSince === 0)
      this.#openSince = this.#options.telemetry.clock.now()
    this.#openRecords += processed
    for (const name of this.#paused) this.#resumeIfDrained(name)
    return processed
  }

  /**
   * What a task does. INVARIANT: an error of one that has another owner is none: what it read may be what that one has written, and no
   * function of the user need expect to see that before its record.
   */
  async #unlessMoved<T>(task: Task, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const isGone = this.#tasks.get(task.id) !== task
      if (isGone || (await this.#options.hasMoved(task.id).catch(() => false))) return undefined
      throw error
    }
  }

  /** @param isWaiting No record is at hand, whatever Kafka has: nobody is served by waiting with what is done. */
  async #commitWhenDue(isWaiting: boolean): Promise<void> {
    if (!this.#options.commit.isIdle || !this.#options.relay.isIdle) return
    const dirty = this.tasks.filter((task) => task.isDirty)
    if (dirty.length > 0 && (isWaiting || this.#isDue(dirty)))
      await this.#sealAndCommit(this.#tasksToCommit())
    else if (dirty.length === 0) await this.#deletePublished()
  }

  /** Idle tasks with published rows go along: under load there is no better time. */
  #tasksToCommit(): Task[] {
    return this.tasks.filter((task) => task.isDirty || this.#options.relay.hasPublished(task.id))
  }

  /**
   * The larger a unit the cheaper a record, because a key is written once. It grows while more waits than it holds: what waits
   * is late by that much anyway. So units are large far from the end of the log, small near it, and one record at the end.
   */
  #isDue(dirty: readonly Task[]): boolean {
    const age = this.#options.telemetry.clock.now() - this.#openSince
    if (age >= this.#options.commitIntervalMsMax) return true
    return dirty.some((task) => task.needsCommit) || this.#openRecords >= this.#backlog()
  }

  #backlog(): number {
    return this.tasks.reduce((sum, { backlog }) => sum + backlog, 0)
  }

  /** Published rows of idle tasks must not stay: they go with a commit of their own. */
  async #deletePublished(): Promise<void> {
    const { clock } = this.#options.telemetry
    const idle = this.tasks.filter((task) => this.#options.relay.hasPublished(task.id))
    if (idle.length === 0) return
    if (this.#openSince === 0) this.#openSince = clock.now()
    if (clock.now() - this.#openSince >= this.#options.commitIntervalMsMax)
      await this.#sealAndCommit(idle)
  }

  async #sealAndCommit(tasks: readonly Task[]): Promise<void> {
    if (tasks.length === 0 || this.#isStopped) return
    for (const task of tasks) await this.#unlessMoved(task, () => task.flush())
    // While a flush waited for the database, tasks may have been taken away.
    const held = tasks.filter((task) => this.#tasks.get(task.id) === task)
    if (held.length === 0 || this.#isStopped) return
    this.#openSince = 0
    this.#openRecords = 0
    const sealed = held.map((task) => task.seal(this.#options.relay.takePublished(task.id)))
    this.#options.commit.start(sealed)
  }

  #sleepMs(): number {
    const now = this.#options.telemetry.clock.now()
    const dueAt =
      this.#openSince === 0 ? Infinity : this.#openSince + this.#options.commitIntervalMsMax
    const next = Math.min(dueAt, this.#nextPunctuation())
    return Math.max(1, Math.min(IDLE_SLEEP_MS, next - now))
  }

  /** What is overdue in a pause must not wake the loop again and again. */
  #nextPunctuation(): number {
    if (this.#options.isPaused()) return Infinity
    return Math.min(...this.tasks.map(({ nextPunctuation }) => nextPunctuation))
  }

  #throttle(partition: TopicPartition): void {
    const name = formatTopicPartition(partition)
    const queue = this.#queueOf(name)
    if (!queue || this.#fillOf(queue) < 1 || this.#paused.has(name)) return
    this.#paused.add(name)
    this.#options.pause({ topic: queue.topic, partition: queue.partition })
  }

  #resumeIfDrained(name: string): void {
    const queue = this.#queueOf(name)
    if (queue && this.#fillOf(queue) > 0.5) return
    this.#paused.delete(name)
    if (queue) this.#options.resume({ topic: queue.topic, partition: queue.partition })
  }

  /** How full a queue is: 1 and more is full. */
  #fillOf({ length, bytes }: PartitionQueue): number {
    return Math.max(length / QUEUE_RECORDS_MAX, bytes / this.#options.bounds.queueBytes)
  }

  #queueOf(name: string): PartitionQueue | undefined {
    return this.#taskOf.get(name)?.queues.find((queue) => formatTopicPartition(queue) === name)
  }
}

/** Lets timers, sockets and heartbeats have their turn between two rounds. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
