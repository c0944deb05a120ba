import { formatTopicPartition } from '../../../src/model/topic-partition.ts'
import { APPLICATION } from '../workload/topology.ts'
import type { Observed, Workload } from '../workload/workload.ts'
import { readOutbox, readPositions, readTasks, type OutboxEntry } from './tables.ts'

/** What the relay has told Kafka of a task before it has published anything. */
const NOTHING = -1n

/**
 * Looks at broker and database after every step that is durable, as nobody of those at work can: the invariants of ARCHITECTURE.md that
 * can be seen from there. The others show in the results.
 */
export class InvariantChecker {
  readonly #observed: Observed
  readonly #checkRows: Workload['checkRows']
  readonly problems: string[] = []
  /** The relay's progress of each task when it was last looked at. */
  readonly #progress = new Map<string, bigint>()
  #outbox: readonly OutboxEntry[] = []

  constructor(observed: Observed, { checkRows }: Workload) {
    this.#observed = observed
    this.#checkRows = checkRows
  }

  check(): void {
    if (this.problems.length > 0) return
    this.#checkProgress()
    this.#checkOutbox()
    this.#checkUndecided()
    this.#checkPositions()
  }

  /** Progress never goes back, and is never ahead of the database. */
  #checkProgress(): void {
    const progress = this.#readProgress()
    for (const { task, sequence } of readTasks(this.#observed.schema)) {
      const now = progress.get(task) ?? NOTHING
      const before = this.#progress.get(task) ?? NOTHING
      if (now < before) this.#report(3, `progress of ${task} went from ${before} to ${now}`)
      if (now > sequence)
        this.#report(3, `progress of ${task} is ${now}, the database has ${sequence}`)
      this.#progress.set(task, now)
    }
  }

  /** A row of the outbox goes only when Kafka has what it holds. */
  #checkOutbox(): void {
    const outbox = readOutbox(this.#observed.schema)
    const there = new Set(outbox.map(nameOf))
    for (const entry of this.#outbox)
      if (!there.has(nameOf(entry)) && entry.sequence > this.#progress.get(entry.task)!)
        this.#report(4, `${nameOf(entry)} left the outbox unpublished`)
    this.#outbox = outbox
  }

  /** The id in the claim row is the only one with an undecided transaction that holds batches of the task. */
  #checkUndecided(): void {
    const { broker, schema } = this.#observed
    const taskOf = this.#tasksByPartition()
    const idOf = new Map(readTasks(schema).map((row) => [row.task, row.transactionalId]))
    for (const [id, { offsets }] of broker.undecided) {
      for (const position of offsets.flatMap((ofGroup) => ofGroup.offsets)) {
        const task = taskOf.get(formatTopicPartition(position))
        if (task !== undefined && idOf.get(task) !== id)
          this.#report(5, `${id} has an open transaction of ${task}, which is ${idOf.get(task)}'s`)
      }
    }
  }

  /** Rows and positions are of the same commit. */
  #checkPositions(): void {
    for (const problem of this.#checkRows(this.#observed)) this.#report(1, problem)
  }

  #readProgress(): Map<string, bigint> {
    const taskOf = this.#tasksByPartition()
    const progress = new Map<string, bigint>()
    for (const [partition, { metadata }] of this.#observed.broker.offsetsOf(APPLICATION)) {
      const task = taskOf.get(partition)
      const [, sequence] = metadata.split(':')
      if (task === undefined || sequence === undefined) continue
      const before = progress.get(task) ?? NOTHING
      if (BigInt(sequence) > before) progress.set(task, BigInt(sequence))
    }
    return progress
  }

  /** Of partitions that have been committed once. */
  #tasksByPartition(): Map<string, string> {
    const positions = readPositions(this.#observed.schema)
    return new Map(positions.map((position) => [formatTopicPartition(position), position.task]))
  }

  #report(invariant: number, what: string): void {
    this.problems.push(`invariant ${invariant}: ${what}`)
  }
}

function nameOf({ task, sequence, part }: OutboxEntry): string {
  return `${task}/${sequence}/${part}`
}
