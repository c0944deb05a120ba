import { decodeRecords } from '../../src/kafka/record-batch/decode-records.ts'
import { KafkaUnreachableError } from '../../src/errors/kafka-errors.ts'
import type { GroupConsumer, GroupConsumerOptions } from '../../src/kafka/group-consumer.ts'
import type { Kafka } from '../../src/kafka/kafka.ts'
import type {
  GroupOffset,
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from '../../src/kafka/topics-and-offsets.ts'
import type { KafkaTransaction } from '../../src/kafka/transactional-producer.ts'
import type { OutgoingRecord } from '../../src/model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../src/model/topic-partition.ts'
import { deferred } from './deferred.ts'
import type { ToyBroker, TransactionFault } from './toy-broker.ts'
import { ToyConsumer } from './toy-consumer.ts'
import { ToyProducer } from './toy-producer.ts'

/**
 * A broker that does what a test says: transactions can fail with either outcome or hang, the group assigns what it is told,
 * and everything that matters is written to a journal.
 */
export class ToyKafka implements Kafka, ToyBroker {
  readonly logs = new Map<string, OutgoingRecord[]>()
  readonly offsets = new Map<string, GroupOffset>()
  /** `init id`, `fence id`, `offsets`, `commit id`, `deleted topic-partition before offset`, in order. */
  readonly journal: string[] = []
  readonly consumers: ToyConsumer[] = []
  readonly epochs = new Map<string, number>()
  readonly faults: TransactionFault[] = []
  /** What no transaction may hold, as a topic's limit on the size of a record. */
  refuses: (record: OutgoingRecord) => boolean = () => false
  /** Transactions that begin now wait before EndTxn, until {@link letGo}. */
  isHanging = false
  /** How many wait. */
  hanging = 0
  #hung = deferred()
  isUnreachable = false
  /** How many members a group is said to have. */
  members = 0
  /** Ids of topics, for clients that know them. */
  readonly topicIds = new Map<string, string>()
  /** Where logs begin whose first records retention has deleted, by `topic-partition`; others begin at 0. */
  readonly starts = new Map<string, bigint>()
  answersWaitFor: Promise<void> | undefined
  /** How far logs go is answered once this has resolved, as it was when it was asked. */
  rangesWaitFor: Promise<void> | undefined
  readonly #partitions = new Map<string, number>()

  constructor(topics: Readonly<Record<string, number>>) {
    for (const [topic, partitions] of Object.entries(topics))
      this.#partitions.set(topic, partitions)
  }

  /** The records of a partition. */
  log(partition: TopicPartition): OutgoingRecord[] {
    const name = formatTopicPartition(partition)
    const log = this.logs.get(name) ?? []
    this.logs.set(name, log)
    return log
  }

  /** Values of a partition as text. */
  values(topic: string, partition = 0): string[] {
    return this.log({ topic, partition }).map(({ value }) => Buffer.from(value ?? []).toString())
  }

  async describeTopics(topics: readonly string[]): Promise<Map<string, TopicDescription>> {
    const known = topics.filter((topic) => this.#partitions.has(topic))
    return new Map(
      known.map((topic) => {
        const topicId = this.topicIds.get(topic)
        return [topic, { partitions: this.#partitions.get(topic)!, ...(topicId && { topicId }) }]
      }),
    )
  }

  async listTopics(): Promise<readonly string[]> {
    return [...this.#partitions.keys()]
  }

  async createTopics(topics: readonly NewTopic[]): Promise<void> {
    for (const { topic, partitions } of topics) this.#partitions.set(topic, partitions)
  }

  async growTopics(topics: readonly TopicSize[]): Promise<void> {
    for (const { topic, partitions } of topics)
      this.#partitions.set(topic, Math.max(partitions, this.#partitions.get(topic) ?? 0))
  }

  async logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>> {
    const ranges = new Map(
      partitions.map((partition) => [
        formatTopicPartition(partition),
        {
          start: this.starts.get(formatTopicPartition(partition)) ?? 0n,
          end: BigInt(this.log(partition).length),
        },
      ]),
    )
    await this.rangesWaitFor
    return ranges
  }

  async offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    if (timestamp < 0) throw new TypeError('to a broker, negative times are names of offsets')
    const offsets = partitions.map((partition) => {
      const offset = this.log(partition).findIndex((record) => record.timestamp >= timestamp)
      return [formatTopicPartition(partition), BigInt(offset)] as const
    })
    return new Map(offsets.filter(([, offset]) => offset >= 0n))
  }

  async deleteRecords(before: readonly PartitionOffset[]): Promise<void> {
    for (const { offset, ...partition } of before)
      this.journal.push(`deleted ${formatTopicPartition(partition)} before ${offset}`)
  }

  async groupOffsets(
    _groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Map<string, GroupOffset>> {
    this.journal.push('offsets')
    const names = partitions.map(formatTopicPartition).filter((name) => this.offsets.has(name))
    return new Map(names.map((name) => [name, this.offsets.get(name)!]))
  }

  async countMembers(): Promise<number> {
    return this.members
  }

  groupConsumer(options: GroupConsumerOptions): GroupConsumer {
    const consumer = new ToyConsumer(this, options)
    this.consumers.push(consumer)
    return consumer
  }

  async transactionalProducer(transactionalId: string): Promise<ToyProducer> {
    this.#reach()
    if (this.epochs.has(transactionalId))
      throw new TypeError(`${transactionalId} was initialised before`)
    this.journal.push(`init ${transactionalId}`)
    this.epochs.set(transactionalId, 0)
    return new ToyProducer(this, transactionalId)
  }

  async fence(transactionalId: string): Promise<void> {
    this.#reach()
    this.journal.push(`fence ${transactionalId}`)
    this.epochs.set(transactionalId, (this.epochs.get(transactionalId) ?? 0) + 1)
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    this.#reach()
    this.append(records)
  }

  async close(): Promise<void> {}

  /** What a committed transaction makes visible. */
  commit(transactionalId: string, { records, offsets }: KafkaTransaction): void {
    this.journal.push(`commit ${transactionalId}`)
    for (const { offset, metadata, ...partition } of offsets)
      this.offsets.set(formatTopicPartition(partition), { offset, metadata })
    this.append(records.flatMap(decodeRecords))
  }

  append(records: readonly OutgoingRecord[]): void {
    for (const record of records) this.log(record).push(record)
    for (const consumer of this.consumers) consumer.deliverSoon()
  }

  /** Waits before EndTxn for as long as the test wants. */
  async hang(): Promise<void> {
    if (!this.isHanging) return
    this.hanging++
    await this.#hung.promise
  }

  /** All transactions that hang go on, as after a freeze: EndTxn arrives late, and counts unless the id was fenced. */
  letGo(): void {
    this.#hung.resolve()
    this.#hung = deferred()
  }

  #reach(): void {
    if (this.isUnreachable) throw new KafkaUnreachableError(['toy:9092'])
  }
}
