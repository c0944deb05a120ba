import type { Claim } from '../../commit/claim.ts'
import type { OutboxKey } from '../../commit/commit-unit.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { FetchedBatch } from '../../kafka/group-consumer.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { TaskTimers } from '../../stores/task-timers.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { FailurePolicy } from './failure-policy.ts'
import type { KeyPlaces } from './key-places.ts'
import { nextQueue } from './next-queue.ts'
import type { MemoryBounds } from '../memory-bounds.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { QueuedRecord } from './queued-record.ts'
import { DueWork } from './due-work.ts'
import type { IdleTime } from './idle-time.ts'
import { readAhead } from './read-ahead.ts'
import { TaskProgress, type SealedTask, type TaskProgressParts } from './task-progress.ts'
import { WindowDecoder } from './window-decoder.ts'

/** What a task is made of; all of it belongs to one claim and dies with it. */
export interface TaskParts extends TaskProgressParts {
  readonly graph: ProcessingGraph
  readonly timers: TaskTimers
  readonly idle: IdleTime
  readonly policy: FailurePolicy
  readonly bounds: MemoryBounds
  /** Called when {@link Task.waiting} is over. */
  readonly onReadable: () => void
  /** Whether it may begin: what it reads of other tasks is there. */
  readonly isReady: () => boolean
  /** How long ago a partition was known to be empty; see `GroupConsumer`. */
  readonly emptyAgo: (partition: TopicPartition) => number
  readonly places: KeyPlaces
  /** Topics of global tables: their records do not move stream time. */
  readonly globalTopics: ReadonlySet<string>
}

/** Records that have to wait, for the database or for other services, end a slice after this long: other tasks, commits and handing over wait too. */
const SLICE_MS_MAX = 100

/** A sub-topology at work on one partition, under one claim. */
export class Task {
  readonly claim: Claim
  readonly queues: readonly PartitionQueue[]
  /** How far it has come. */
  readonly progress: TaskProgress
  readonly #parts: TaskParts
  readonly #decoder: WindowDecoder
  readonly #due: DueWork
  #processed = 0
  #isClosed = false

  constructor(parts: TaskParts) {
    this.#parts = parts
    this.claim = parts.claim
    this.queues = parts.queues
    const keepsSources = parts.policy.deadLetterTopic !== undefined
    this.#decoder = new WindowDecoder({ ...parts, taskId: parts.claim.taskId, keepsSources })
    this.#due = new DueWork(parts)
    this.progress = new TaskProgress(parts)
  }

  get storeCount(): number {
    return this.#parts.stores.size
  }

  get id(): TaskId {
    return this.claim.taskId
  }

  /** Whether the open unit has anything that a commit would make durable. */
  get isDirty(): boolean {
    return this.#processed > 0 || this.#hasMovedTable
  }

  /**
   * Whether a topic of global tables has moved on over records that nobody sees, such as the ends of transactions. Elsewhere
   * that waits for the next record; here others wait for the table to have come to the end of its topic.
   */
  get #hasMovedTable(): boolean {
    if (this.#parts.globalTopics.size === 0) return false
    return this.queues.some(({ topic, partition, position }) =>
      this.progress.durable.positions.some(
        (durable) =>
          durable.topic === topic &&
          durable.partition === partition &&
          this.#parts.globalTopics.has(topic) &&
          durable.nextOffset < position,
      ),
    )
  }

  /** Whether the open unit has to be committed before more is processed. */
  get isFull(): boolean {
    const { bounds, outgoing } = this.#parts
    return outgoing.bytes >= bounds.sentBytes || this.progress.dirtyBytes >= bounds.writtenBytes
  }

  /** Whether a commit is due for the sake of this task. */
  get needsCommit(): boolean {
    return this.isFull || this.#parts.context.isCommitRequested
  }

  /** There while the task can process nothing, because schemas of records are being fetched. Never rejects. */
  get waiting(): Promise<void> | undefined {
    return this.#decoder.waiting
  }

  /** Records that wait, here or in Kafka, as far as is known. */
  get backlog(): number {
    return this.queues.reduce((sum, { backlog }) => sum + backlog, 0)
  }

  /** Whether records wait that could be processed. */
  get isHeldUp(): boolean {
    return this.#parts.isReady() && this.queues.some(({ length }) => length > 0)
  }

  /** Appends what was fetched for one of the task's partitions. */
  add(batch: FetchedBatch): void {
    this.queues
      .find(({ topic, partition }) => topic === batch.topic && partition === batch.partition)
      ?.add(batch)
  }

  /** The claim is gone: nothing is processed any more, and nothing of the open unit will be committed. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#parts.context.close(this.#parts.graph)
  }

  /**
   * Processes records that wait, in the order of their timestamps across partitions, and answers how many: fewer where they take long.
   * @throws StreamsError of a record whose failure policy says `fail`, or whose schema cannot be had.
   */
  async process(recordsMax: number): Promise<number> {
    if (!this.#parts.isReady()) return 0
    const windows = this.#decoder.next()
    if (!windows) return 0
    await readAhead(windows, this.#parts)
    const startedAt = this.#parts.context.wallClock
    let done = 0
    while (done < recordsMax && !this.#isClosed && !this.isFull) {
      const queue = nextQueue(this.queues)
      const queued = queue?.shift()
      if (!queue || !queued) break
      done++
      // Before it is processed: that may take long, and is not to be taken for quiet.
      this.#processed++
      const pending = this.#processOne(queue, queued)
      if (!pending) continue
      await pending
      if (this.#parts.context.wallClock - startedAt >= SLICE_MS_MAX) break
    }
    const { context, idle } = this.#parts
    if (done > 0) idle.heard(context.wallClock, context.streamTime)
    return done
  }

  /** Highest timestamp processed; −1 before the first record. */
  get streamTime(): number {
    return this.#parts.context.streamTime
  }

  /** Lets stream time go on to a later time, as a record would; what that makes due is in the open unit. */
  async advanceTo(streamTime: number): Promise<void> {
    this.#processed++
    await this.#advance(streamTime)
  }

  /** When the clock makes the next thing due: a timer, a punctuation, a step of stream time; infinity where there is none. */
  get nextPunctuation(): number {
    return Math.min(this.#due.next, this.#parts.idle.next)
  }

  /** Does what the clock has made due, if anything. */
  async punctuate(): Promise<void> {
    const { context, idle } = this.#parts
    if (this.#due.next <= context.wallClock) {
      this.#processed++
      await this.#due.byClock()
    }
    if (idle.next <= context.wallClock) await this.#advanceIdle()
  }

  /** Forwards what nodes have under way, when it is there. */
  async settle(): Promise<void> {
    const pending = this.#parts.graph.settle()
    if (pending) await pending
  }

  /** Forwards what nodes held back until commit, and what they have under way. */
  async flush(): Promise<void> {
    this.#parts.context.comesFrom()
    const pending = this.#parts.graph.flush()
    if (pending) await pending
  }

  /** Ends the open unit. @param published Outbox rows that this unit deletes. */
  seal(published: readonly OutboxKey[]): SealedTask {
    this.#processed = 0
    this.#parts.context.isCommitRequested = false
    return this.progress.seal(published)
  }

  #processOne(queue: PartitionQueue, queued: QueuedRecord): MaybePromise {
    const { record } = queued
    const { context } = this.#parts
    if (!StreamsError.is(record) && this.#movesTime(queue, record.timestamp)) {
      if (this.#due.hasBefore(record.timestamp))
        return this.#takeAfterTimers(queue, queued, record.timestamp)
      context.streamTime = record.timestamp
    }
    return this.#take(queue, queued)
  }

  /** Whether a record's time is one for stream time to go by. */
  #movesTime({ topic }: PartitionQueue, timestamp: number): boolean {
    const { context, globalTopics } = this.#parts
    if (timestamp <= context.streamTime || globalTopics.has(topic)) return false
    return timestamp <= context.timestampMax
  }

  async #takeAfterTimers(
    queue: PartitionQueue,
    queued: QueuedRecord,
    timestamp: number,
  ): Promise<void> {
    await this.#due.before(timestamp)
    await this.#processOne(queue, queued)
  }

  #take({ topic }: PartitionQueue, queued: QueuedRecord): MaybePromise {
    const { record } = queued
    const { context, graph } = this.#parts
    context.comesFrom(queued)
    if (StreamsError.is(record)) return context.unreadable(record, queued.source)
    const pending = graph.process(topic, record)
    return pending ? pending.then(() => this.#due.byStreamTime()) : this.#due.byStreamTime()
  }

  /**
   * No record has come for long: stream time goes on by the clock, as far as Kafka has said that there was none. Where that writes
   * nothing, it need not last: after a restart it would go on again from the last record.
   */
  async #advanceIdle(): Promise<void> {
    const { context, idle } = this.#parts
    if (this.backlog > 0 || !this.#parts.isReady())
      return idle.heard(context.wallClock, context.streamTime)
    const streamTime = idle.advance(context.wallClock, this.#emptyAt)
    if (streamTime <= context.streamTime) return
    await this.#advance(streamTime)
    if (this.#processed === 0) await this.#keepWhatCame()
  }

  async #advance(streamTime: number): Promise<void> {
    const { context, graph } = this.#parts
    await this.#due.before(streamTime + 1)
    context.comesFrom()
    context.streamTime = streamTime
    await graph.advance(streamTime)
    await this.#due.byStreamTime()
  }

  /** When all partitions were last known to be empty: none has an earlier record that is not heard of. */
  get #emptyAt(): number {
    const agos = this.queues.map((queue) => this.#parts.emptyAgo(queue))
    return this.#parts.context.wallClock - Math.max(0, ...agos)
  }

  /** What came of stream time may be under way, or held back until a commit: nothing else would ask for one. */
  async #keepWhatCame(): Promise<void> {
    await this.flush()
    if (!this.#parts.outgoing.isEmpty || this.progress.dirtyBytes > 0) this.#processed++
  }
}
