import type { StreamsError } from '../errors/streams-error.ts'
import type { FetchedBatch, GroupConsumer } from '../kafka/group-consumer.ts'
import type { Kafka } from '../kafka/kafka.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import { OutputQueue } from './output-queue.ts'
import { readAllAssignor } from './read-all-assignor.ts'

/**
 * A `read_committed` reader of all output topics, in a group of its own: keeps what comes until a test takes it.
 *
 * Begins at the end of the topics. Queues are filled by the consumer's listener and emptied by the output topics.
 */
export class OutputReader {
  readonly #kafka: Kafka
  readonly #partitions: readonly TopicPartition[]
  readonly #consumer: GroupConsumer
  readonly #queues = new Map<string, OutputQueue>()
  readonly #nextOffsets = new Map<string, bigint>()
  readonly #ignored = new Set<string>()
  #failure: StreamsError | undefined
  #onProgress: (() => void) | undefined

  constructor(kafka: Kafka, groupId: string, partitions: readonly TopicPartition[]) {
    this.#kafka = kafka
    this.#partitions = partitions
    const topics = [...new Set(partitions.map(({ topic }) => topic))]
    for (const topic of topics) this.#queues.set(topic, new OutputQueue())
    this.#consumer = kafka.groupConsumer({
      groupId,
      topics,
      sessionTimeoutMs: 10_000,
      assignor: readAllAssignor(partitions),
      listener: {
        onAssigned: (assigned) => this.#fetch(assigned),
        onBatch: (batch) => this.#keep(batch),
        onFailed: (error) => this.#fail(error),
      },
    })
  }

  /** Resolves when everything written from now on will be read. */
  async start(): Promise<void> {
    if (this.#partitions.length === 0) return
    for (const [name, { end }] of await this.#kafka.logRanges(this.#partitions))
      this.#nextOffsets.set(name, end)
    await this.#consumer.start()
  }

  /** The records of an output topic that nobody has taken; `undefined` for a topic that is not read. */
  queueOf(topic: string): OutputQueue | undefined {
    return this.#queues.get(topic)
  }

  /** The next that is written are these records; they are the test's own, no output. Only when caught up. */
  ignoreNext(records: readonly TopicPartition[]): void {
    const ends = new Map(this.#nextOffsets)
    for (const record of records) {
      const name = formatTopicPartition(record)
      const offset = ends.get(name)
      if (offset === undefined) continue
      this.#ignored.add(`${name}@${offset}`)
      ends.set(name, offset + 1n)
    }
  }

  /** Resolves when everything that is in the topics now is in the queues. @throws what stopped the consumer. */
  async caughtUp(): Promise<void> {
    if (this.#partitions.length === 0) return
    const ranges = await this.#kafka.logRanges(this.#partitions)
    const isBehind = () =>
      [...ranges].some(([name, { end }]) => (this.#nextOffsets.get(name) ?? 0n) < end)
    while (!this.#failure && isBehind())
      await new Promise<void>((resolve) => (this.#onProgress = resolve))
    if (this.#failure) throw this.#failure
  }

  async stop(): Promise<void> {
    await this.#consumer.stop()
  }

  #fetch(assigned: readonly TopicPartition[]): void {
    for (const partition of assigned)
      this.#consumer.fetchFrom(
        partition,
        this.#nextOffsets.get(formatTopicPartition(partition)) ?? 0n,
      )
  }

  #keep({ topic, partition, records, nextOffset }: FetchedBatch): void {
    const name = formatTopicPartition({ topic, partition })
    for (const record of records.take(records.count))
      if (!this.#ignored.delete(`${name}@${record.offset}`))
        this.#queues.get(topic)?.add({ ...record, partition })
    this.#nextOffsets.set(name, nextOffset)
    this.#onProgress?.()
  }

  #fail(error: StreamsError): void {
    this.#failure ??= error
    this.#onProgress?.()
  }
}
