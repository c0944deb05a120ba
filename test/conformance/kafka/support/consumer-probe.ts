import type { FetchedRecords } from '../../../../src/kafka/fetched-records.ts'
import type {
  FetchedBatch,
  GroupConsumer,
  GroupProtocol,
} from '../../../../src/kafka/group-consumer.ts'
import type { Kafka } from '../../../../src/kafka/kafka.ts'
import type { StreamsError } from '../../../../src/errors/streams-error.ts'
import type { ConsumedRecord } from '../../../../src/model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../../../src/model/topic-partition.ts'
import { eventually } from './eventually.ts'
import { uniqueName } from './names.ts'
import { textOf } from './records.ts'
import { SpreadAssignor } from './spread-assignor.ts'

/** How a {@link ConsumerProbe} joins. */
export interface ProbeOptions {
  readonly partitions: readonly TopicPartition[]
  readonly groupId?: string
  readonly userData?: string
  readonly isolation?: 'read_committed' | 'read_uncommitted'
  readonly sessionTimeoutMs?: number
  readonly groupInstanceId?: string
  readonly groupProtocol?: GroupProtocol
  /** What is waited for before what an assignment takes away counts as let go. */
  readonly release?: () => Promise<void>
  /** Whether to fetch what is assigned from its start by itself. */
  readonly fetchesAll?: boolean
}

/** A batch with its records taken. */
export interface SeenBatch extends Omit<FetchedBatch, 'records'> {
  readonly records: readonly ConsumedRecord[]
}

/**
 * A member that keeps what it was told, and checks the port's contract on the way: batches are contiguous from the offset
 * of `fetchFrom`, of assigned partitions only, and hold their records in order.
 */
export class ConsumerProbe {
  readonly consumer: GroupConsumer
  readonly assignor: SpreadAssignor
  readonly assignments: (readonly TopicPartition[])[] = []
  /** What the leader said beside each assignment. */
  readonly words: string[] = []
  readonly batches: SeenBatch[] = []
  readonly failures: StreamsError[] = []
  readonly violations: string[] = []
  readonly #expected = new Map<string, bigint>()
  readonly #fetchesAll: boolean

  constructor(kafka: Kafka, options: ProbeOptions) {
    this.assignor = new SpreadAssignor(options.partitions, options.userData)
    this.#fetchesAll = options.fetchesAll ?? false
    this.consumer = kafka.groupConsumer({
      groupId: options.groupId ?? uniqueName('group'),
      topics: [...new Set(options.partitions.map(({ topic }) => topic))],
      assignor: this.assignor,
      sessionTimeoutMs: options.sessionTimeoutMs ?? 6_000,
      groupInstanceId: options.groupInstanceId,
      groupProtocol: options.groupProtocol,
      isolation: options.isolation ?? 'read_committed',
      listener: {
        onAssigned: (partitions, userData) => {
          this.words.push(Buffer.from(userData).toString())
          this.#onAssigned(partitions)
          return options.release?.()
        },
        onBatch: (batch) => this.#onBatch(batch),
        onFailed: (error) => this.failures.push(error),
      },
    })
  }

  /** The latest assignment as text, in order. */
  get assigned(): string[] {
    return (this.assignments.at(-1) ?? []).map(formatTopicPartition).sort()
  }

  get texts(): (string | null)[] {
    return this.batches.flatMap(({ records }) => records.map(textOf))
  }

  fetchFrom(partition: TopicPartition, offset: bigint, leaderEpoch?: number): void {
    this.#expected.set(formatTopicPartition(partition), offset)
    this.consumer.fetchFrom(partition, offset, leaderEpoch)
  }

  /** The offset after what was delivered. */
  nextOffset(partition: TopicPartition): bigint | undefined {
    return this.#expected.get(formatTopicPartition(partition))
  }

  async reaches(partition: TopicPartition, offset: bigint): Promise<void> {
    const what = () => `${formatTopicPartition(partition)} read up to ${offset}: ${this.#state}`
    await eventually(what, () => (this.nextOffset(partition) ?? -1n) >= offset)
  }

  get #state(): string {
    const positions = [...this.#expected].map(([name, next]) => `${name}@${next}`)
    const failures = this.failures.map(({ message }) => message)
    return `${this.assignments.length} assignments, ${[...positions, ...failures].join(', ')}`
  }

  #onAssigned(partitions: readonly TopicPartition[]): void {
    this.assignments.push(partitions)
    this.#expected.clear()
    if (this.#fetchesAll) for (const partition of partitions) this.fetchFrom(partition, 0n)
  }

  #onBatch(fetched: FetchedBatch): void {
    const key = formatTopicPartition(fetched)
    const batch = { ...fetched, records: this.#take(key, fetched.records) }
    const expected = this.#expected.get(key)
    if (expected === undefined) this.violations.push(`${key} delivered without fetchFrom`)
    else this.#check(key, expected, batch)
    this.#expected.set(key, batch.nextOffset)
    this.batches.push(batch)
  }

  /** In two pieces, because a reader stops in the middle of a batch. */
  #take(key: string, fetched: FetchedRecords): ConsumedRecord[] {
    const { count } = fetched
    const records = [...fetched.take(count >> 1), ...fetched.take(Infinity)]
    if (records.length !== count || fetched.count > 0)
      this.violations.push(`${key} said ${count} records and gave ${records.length}`)
    return records
  }

  #check(key: string, expected: bigint, { records, nextOffset, endOffset }: SeenBatch): void {
    let least = expected
    for (const { offset } of records) {
      if (offset < least)
        this.violations.push(`${key}@${offset} delivered, expected ${least} or later`)
      least = offset + 1n
    }
    if (nextOffset < least || nextOffset <= expected)
      this.violations.push(`${key} goes on at ${nextOffset} after ${least}`)
    if (endOffset < nextOffset)
      this.violations.push(`${key} ends at ${endOffset}, before ${nextOffset}`)
  }
}
