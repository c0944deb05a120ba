import type { OutboxKey } from '../commit/commit-unit.ts'
import type { GroupMembership } from '../kafka/group-membership.ts'
import { countRecords } from '../kafka/record-batch/encoded-records.ts'
import type {
  KafkaTransaction,
  OffsetWithMetadata,
  TransactionalProducer,
} from '../kafka/transactional-producer.ts'
import type { TaskId } from '../model/task-id.ts'
import { inSpan } from '../telemetry/spans.ts'
import { reach, type Telemetry } from '../telemetry/telemetry.ts'
import { progressOffsets } from './progress.ts'
import type { RelayBatch } from './relay-batch.ts'

/** What a relay needs. */
export interface RelayOptions {
  readonly producer: TransactionalProducer
  readonly groupId: string
  /** Which member of the group commits the progress. */
  readonly member?: () => GroupMembership | undefined
  readonly telemetry: Telemetry
  /** Called once, when a transaction failed: the producer is unusable, and what was in flight may or may not be visible. */
  readonly onFailed: (error: unknown) => void
  /** Called after each transaction that is known to be committed. */
  readonly onPublished: () => void
}

/**
 * Publishes durable batches in order, whatever waits in one Kafka transaction after the other.
 *
 * States: idle → publishing → idle, until failed or closed. A batch counts as published only when EndTxn was acknowledged;
 * its outbox rows are then handed out by {@link takePublished}, to be deleted by the task's next commit. After a failure the
 * relay does nothing more: ownership has to be proven anew, under a fresh id.
 */
export class Relay {
  readonly #options: RelayOptions
  #waiting: RelayBatch[] = []
  readonly #published = new Map<TaskId, OutboxKey[]>()
  #publishing: Promise<void> | undefined
  #transaction: Promise<void> | undefined
  /** Begun; nobody knows yet whether its batches are durable. */
  #expected: PlannedTransaction | undefined
  /** Called when nothing is expected any more. */
  #onSettled: (() => void)[] = []
  /** Begun, and its batches are durable. */
  #ready: PlannedTransaction | undefined
  #enqueued = 0
  #done = 0
  #isFailed = false
  #isClosed = false

  constructor(options: RelayOptions) {
    this.#options = options
  }

  /** The id that the claim rows must name before anything is enqueued. */
  get transactionalId(): string {
    return this.#options.producer.transactionalId
  }

  /** Whether nothing waits and nothing is being published. */
  get isIdle(): boolean {
    return this.#publishing === undefined && this.#waiting.length === 0
  }

  /**
   * Batches that {@link settle} will bring if the database commits them. They are sent at once, in a transaction that is ended
   * when they are durable: the database and the brokers work side by side.
   */
  expect(batches: readonly RelayBatch[]): void {
    if (this.#isOver || batches.length === 0 || !this.isIdle) return
    const transaction = this.#transactionOf(batches)
    this.#expected = { batches, transaction }
    this.#options.producer.begin(transaction)
  }

  /** What became durable of a commit, each task's batches in the order of their sequences. What else was sent of it is aborted. */
  settle(batches: readonly RelayBatch[]): void {
    const expected = this.#expected
    this.#expected = undefined
    this.#tellSettled()
    if (this.#isOver || (batches.length === 0 && !expected)) return
    this.#enqueued += batches.length
    this.#dropSuperseded(batches)
    if (expected && isSame(expected.batches, batches) && !this.#waitsForAny(batches))
      this.#ready = expected
    else this.#waiting.push(...batches)
    this.#start()
  }

  /** Adds durable batches that no commit brings, each task's in the order of their sequences. */
  enqueue(batches: readonly RelayBatch[]): void {
    if (this.#isOver || batches.length === 0) return
    this.#enqueued += batches.length
    this.#waiting.push(...batches)
    // What was begun for a commit would be aborted for them.
    if (!this.#expected) this.#start()
  }

  /** Outbox rows known to be published and not yet handed out. */
  takePublished(taskId: TaskId): readonly OutboxKey[] {
    const rows = this.#published.get(taskId) ?? []
    this.#published.delete(taskId)
    return rows
  }

  /** Whether outbox rows wait to be deleted. */
  hasPublished(taskId: TaskId): boolean {
    return this.#published.has(taskId)
  }

  /** Adds outbox rows that were found published already. */
  addPublished(taskId: TaskId, rows: readonly OutboxKey[]): void {
    if (rows.length > 0)
      this.#published.set(taskId, [...(this.#published.get(taskId) ?? []), ...rows])
  }

  /** Forgets a task that is no longer ours: its rows are its new owner's. */
  forget(taskId: TaskId): void {
    this.#published.delete(taskId)
  }

  /**
   * Resolves when everything enqueued so far is published, and answers whether it is: after a failure it is not. What is
   * enqueued meanwhile is not waited for: under load there is always more.
   */
  async drain(): Promise<boolean> {
    const target = this.#enqueued
    while (this.#done < target && !this.#isOver) {
      if (this.#transaction) await this.#transaction
      else if (this.#expected) await new Promise<void>((resolve) => this.#onSettled.push(resolve))
      else break
    }
    return this.#done >= target && !this.#isFailed
  }

  /** Gives the producer up without deciding anything. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#tellSettled()
    await this.#options.producer.close()
  }

  #tellSettled(): void {
    for (const tell of this.#onSettled.splice(0)) tell()
  }

  get #isOver(): boolean {
    return this.#isFailed || this.#isClosed
  }

  /** A task's progress must never go back: its batches are published in the order in which they came. */
  #waitsForAny(batches: readonly RelayBatch[]): boolean {
    const taskIds = new Set(batches.map(({ taskId }) => taskId))
    return this.#waiting.some(({ taskId }) => taskIds.has(taskId))
  }

  /** Mere progress of a task that one of these batches brings along, newer. */
  #dropSuperseded(batches: readonly RelayBatch[]): void {
    const taskIds = new Set(batches.map(({ taskId }) => taskId))
    const isSuperseded = ({ taskId, rows, records }: RelayBatch) =>
      rows.length === 0 && records.length === 0 && taskIds.has(taskId)
    const waiting = this.#waiting.filter((batch) => !isSuperseded(batch))
    this.#done += this.#waiting.length - waiting.length
    this.#waiting = waiting
  }

  #start(): void {
    this.#publishing ??= this.#publishAll()
  }

  async #publishAll(): Promise<void> {
    do {
      this.#transaction = this.#publishNext()
      await this.#transaction
    } while ((this.#ready || this.#waiting.length > 0) && !this.#isClosed)
    // In the same turn as the last look at the queue: a batch enqueued from now on starts a new run.
    this.#publishing = undefined
    this.#transaction = undefined
  }

  async #publishNext(): Promise<void> {
    const { batches, transaction } = this.#takeNext()
    try {
      await this.#publish(transaction)
    } catch (error) {
      return this.#fail(error)
    }
    this.#done += batches.length
    for (const { taskId, rows } of batches) this.addPublished(taskId, rows)
    this.#options.onPublished()
  }

  #takeNext(): PlannedTransaction {
    const ready = this.#ready
    this.#ready = undefined
    if (ready) return ready
    const batches = this.#waiting
    this.#waiting = []
    return { batches, transaction: this.#transactionOf(batches) }
  }

  async #publish(transaction: KafkaTransaction): Promise<void> {
    const { producer, telemetry } = this.#options
    const count = countRecords(transaction.records)
    await reach(telemetry, 'committed')
    const startedAt = telemetry.clock.now()
    await inSpan('rowstream.publish', { 'rowstream.records': count }, () =>
      producer.transact(transaction),
    )
    telemetry.instruments.recordsPublished.add(count)
    telemetry.instruments.publishDuration.record(telemetry.clock.now() - startedAt)
  }

  #transactionOf(batches: readonly RelayBatch[]): KafkaTransaction {
    const { groupId, member, telemetry } = this.#options
    return {
      records: batches.flatMap((batch) => batch.records),
      groupId,
      member,
      offsets: newestOffsets(batches),
      beforeEnd: telemetry.signals && (() => reach(telemetry, 'end-txn')),
    }
  }

  #fail(error: unknown): void {
    this.#isFailed = true
    this.#waiting = []
    this.#ready = undefined
    this.#tellSettled()
    if (!this.#isClosed) this.#options.onFailed(error)
  }
}

/** Batches and the transaction that carries them. */
interface PlannedTransaction {
  readonly batches: readonly RelayBatch[]
  readonly transaction: KafkaTransaction
}

function isSame(some: readonly RelayBatch[], others: readonly RelayBatch[]): boolean {
  return some.length === others.length && some.every((batch, index) => batch === others[index])
}

/** INVARIANT: every transaction carries the progress of every task that has a batch in it, the newest where there are several. */
function newestOffsets(batches: readonly RelayBatch[]): OffsetWithMetadata[] {
  const newest = new Map(batches.map((batch) => [batch.taskId, batch]))
  return [...newest.values()].flatMap(({ positions, sequence }) =>
    progressOffsets(positions, sequence),
  )
}
