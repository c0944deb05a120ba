import type { OutboxKey } from '../commit/commit-unit.ts'
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
  #expected: ExpectedTransaction | undefined
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

  /** Batches that are durable and not known to be published. */
  get backlog(): number {
    return this.#waiting.length
  }

  /** Whether nothing waits and nothing is being published. */
  get isIdle(): boolean {
    return this.#publishing === undefined && this.#waiting.length === 0
  }

  /**
   * Batches that {@link enqueue} will bring if the database commits them. They are sent at once, in a transaction that is ended
   * when they are durable: the database and the brokers work side by side.
   */
  expect(batches: readonly RelayBatch[]): void {
    if (this.#isFailed || this.#isClosed || batches.length === 0 || !this.isIdle) return
    const transaction = this.#transactionOf(batches)
    this.#expected = { batches, transaction }
    this.#options.producer.begin(transaction)
  }

  /**
   * Adds batches, each task's in the order of their sequences, and starts publishing. None, where some were expected, aborts what
   * was sent of them.
   */
  enqueue(batches: readonly RelayBatch[]): void {
    if (this.#isFailed || this.#isClosed) return
    if (batches.length === 0 && !this.#expected) return
    this.#waiting.push(...batches)
    this.#enqueued += batches.length
    this.#publishing ??= this.#publishAll()
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
    while (this.#done < target && this.#transaction) await this.#transaction
    return this.#done >= target && !this.#isFailed
  }

  /** Gives the producer up without deciding anything. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#options.producer.close()
  }

  async #publishAll(): Promise<void> {
    do {
      this.#transaction = this.#publishWaiting()
      await this.#transaction
    } while (this.#waiting.length > 0 && !this.#isClosed)
    // In the same turn as the last look at the queue: a batch enqueued from now on starts a new run.
    this.#publishing = undefined
    this.#transaction = undefined
  }

  async #publishWaiting(): Promise<void> {
    const batches = this.#waiting
    this.#waiting = []
    try {
      await this.#publish(batches)
    } catch (error) {
      return this.#fail(error)
    }
    this.#done += batches.length
    for (const { taskId, rows } of batches) this.addPublished(taskId, rows)
    this.#options.onPublished()
  }

  async #publish(batches: readonly RelayBatch[]): Promise<void> {
    const { producer, telemetry } = this.#options
    const transaction = this.#takeExpected(batches) ?? this.#transactionOf(batches)
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
    const { groupId, telemetry } = this.#options
    return {
      records: batches.flatMap((batch) => batch.records),
      groupId,
      offsets: newestOffsets(batches),
      beforeEnd: telemetry.signals && (() => reach(telemetry, 'end-txn')),
    }
  }

  /** The transaction that was begun, if it has exactly these batches: no task of them was fenced, and no other came between. */
  #takeExpected(batches: readonly RelayBatch[]): KafkaTransaction | undefined {
    const expected = this.#expected
    this.#expected = undefined
    const isSame =
      expected?.batches.length === batches.length &&
      expected.batches.every((batch, index) => batch === batches[index])
    return isSame ? expected.transaction : undefined
  }

  #fail(error: unknown): void {
    this.#isFailed = true
    this.#waiting = []
    if (!this.#isClosed) this.#options.onFailed(error)
  }
}

/** What was begun before it was known to be durable. */
interface ExpectedTransaction {
  readonly batches: readonly RelayBatch[]
  readonly transaction: KafkaTransaction
}

/** INVARIANT: every transaction carries the progress of every task that has a batch in it, the newest where there are several. */
function newestOffsets(batches: readonly RelayBatch[]): OffsetWithMetadata[] {
  const newest = new Map(batches.map((batch) => [batch.taskId, batch]))
  return [...newest.values()].flatMap(({ positions, sequence }) =>
    progressOffsets(positions, sequence),
  )
}
