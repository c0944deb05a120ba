import { readOutbox } from '../changelog/outbox-reader.ts'
import type { RelayBatch } from '../changelog/relay-batch.ts'
import { readClaims, type FreshClaim } from '../commit/claim.ts'
import type { OutboxKey } from '../commit/commit-unit.ts'
import { readPositions } from '../commit/positions.ts'
import type { Database } from '../database/database.ts'
import type { FetchedBatch } from '../kafka/group-consumer.ts'
import type { TaskId } from '../model/task-id.ts'
import type { TaskPlan } from '../runtime/application-plan.ts'
import { createTask, type TaskSurroundings } from '../runtime/ownership/create-task.ts'
import { PartitionQueue } from '../runtime/task/partition-queue.ts'
import type { SealedTask } from '../runtime/task/task-progress.ts'
import type { Task } from '../runtime/task/task.ts'
import type { ToyLog } from './toy-log.ts'

/** What a task of a stepped application is made of. */
export interface SteppedTaskParts {
  readonly plan: TaskPlan
  readonly database: Database
  readonly surroundings: TaskSurroundings
  /** Of the partitions that it reads. */
  readonly logs: readonly ToyLog[]
}

/** A task that is started again and again, and takes one record at a time. */
export class SteppedTask {
  readonly #parts: SteppedTaskParts
  #task: Task | undefined
  #published: OutboxKey[] = []
  /** Sequence of the last batch that is in the logs. */
  #publishedUpTo = 0n

  constructor(parts: SteppedTaskParts) {
    this.#parts = parts
  }

  get id(): TaskId {
    return this.#parts.plan.taskId
  }

  get running(): Task {
    if (!this.#task) throw new TypeError('the application does not run')
    return this.#task
  }

  /** Whether it reads rows of global tables that other tasks keep. */
  get readsGlobalTables(): boolean {
    return this.#parts.plan.globals.length > 0
  }

  /** Whether others may read what it keeps. */
  get keepsGlobalTables(): boolean {
    return this.#parts.plan.subtopology.sources.some(({ isGlobal }) => isGlobal)
  }

  /** Goes on with what the database has. */
  async start(claim: FreshClaim): Promise<void> {
    const { database, plan, surroundings } = this.#parts
    const [row] = await readClaims(database, [this.id])
    const queues = await this.#openQueues()
    const ready = {
      claim,
      task: plan,
      row: row!,
      queues,
      isReplayed: false,
      isRewound: false,
      unread: [],
    }
    this.#task = await createTask(ready, surroundings)
  }

  close(): void {
    this.#task?.close()
  }

  /** Appends what one of its partitions got; before the first start that waits in the log. */
  add(batch: FetchedBatch): void {
    this.#task?.add(batch)
  }

  /** Whether there was a record to process. */
  async processOne(): Promise<boolean> {
    if ((await this.running.process(1)) > 0) {
      await this.running.settle()
      return true
    }
    if (!this.running.waiting) return false
    await this.running.waiting
    return this.processOne()
  }

  /** Ends the open unit. */
  async seal(): Promise<SealedTask> {
    await this.running.flush()
    const sealed = this.running.seal(this.#published)
    this.#published = []
    return sealed
  }

  /** What was committed, and is not in the logs. */
  unpublished(): Promise<RelayBatch[]> {
    return readOutbox(this.#parts.database, this.id, this.#publishedUpTo)
  }

  /** A batch of its own is in the logs: the next unit deletes it. */
  published({ sequence, rows }: RelayBatch): void {
    this.#published.push(...rows)
    this.#publishedUpTo = sequence
  }

  async #openQueues(): Promise<PartitionQueue[]> {
    const stored = await readPositions(this.#parts.database, this.id)
    return this.#parts.logs.map((log) => {
      const start = stored.find((position) => log.isOf(position))?.nextOffset ?? 0n
      const queue = new PartitionQueue(log, start, log.end)
      if (start < log.end) queue.add(log.from(start))
      return queue
    })
  }
}
