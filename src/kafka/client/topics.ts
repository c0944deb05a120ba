import { TopicMissingError } from '../../errors/kafka-errors.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type {
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from '../topics-and-offsets.ts'
import { adminRequest } from './admin-request.ts'
import { brokerError, CODE, codeOf, isStaleLeader, reasonOf } from './broker-error.ts'
import type { Broker, PartitionRefusal } from './broker.ts'
import type { Brokers } from './brokers.ts'
import { groupBy } from '../../model/group-by.ts'
import { createPartitionsRequest } from './wire/create-partitions.ts'
import type { TopicMetadata } from './wire/metadata.ts'

/** How long the broker may take to create topics before it answers; they are waited for in any case. */
const CREATE_TIMEOUT_MS = 10_000
const EARLIEST = -2
const LATEST = -1

/** What is asked and told about topics and their logs. */
export class Topics {
  readonly #brokers: Brokers
  readonly #logger: Logger

  constructor(brokers: Brokers, logger: Logger) {
    this.#brokers = brokers
    this.#logger = logger
  }

  async describe(topics: readonly string[]): Promise<Map<string, TopicDescription>> {
    const found = await adminRequest(this.#brokers, { name: 'to describe topics' }, async () => {
      const metadata = await this.#brokers.metadata(topics)
      return metadata.topics.filter(exists)
    })
    return new Map(found.map((topic) => [topic.topic, describe(topic)]))
  }

  async list(): Promise<readonly string[]> {
    const { topics } = await adminRequest(this.#brokers, { name: 'to list topics' }, () =>
      this.#brokers.metadata('all'),
    )
    return topics.filter(({ isInternal }) => !isInternal).map(({ topic }) => topic)
  }

  async create(topics: readonly NewTopic[]): Promise<void> {
    if (topics.length === 0) return
    const name = `to create ${topics.map(({ topic }) => topic).join(', ')}`
    await adminRequest(this.#brokers, { name }, () => this.#createMissing(topics))
    await adminRequest(this.#brokers, { name }, () => this.#awaitLeaders(topics, true))
  }

  async #createMissing(topics: readonly NewTopic[]): Promise<void> {
    const controller = await this.#brokers.controller()
    const refusals = await controller.createTopics(topics, CREATE_TIMEOUT_MS)
    const failure = refusals.find(({ code }) => code !== CODE.TOPIC_ALREADY_EXISTS)
    if (failure) throw failure
  }

  async grow(topics: readonly TopicSize[]): Promise<void> {
    const known = await this.describe(topics.map(({ topic }) => topic))
    const small = topics.filter(({ topic, partitions }) => {
      const found = known.get(topic)?.partitions
      return found !== undefined && found < partitions
    })
    if (small.length === 0) return
    const name = `more partitions for ${small.map(({ topic }) => topic).join(', ')}`
    await adminRequest(this.#brokers, { name }, () => this.#addPartitions(small))
    await adminRequest(this.#brokers, { name }, () => this.#awaitLeaders(small, false))
  }

  async #addPartitions(topics: readonly TopicSize[]): Promise<void> {
    const controller = await this.#brokers.controller()
    const answers = await controller.send(createPartitionsRequest(topics, CREATE_TIMEOUT_MS))
    const refused = answers.find(({ errorCode }) => errorCode !== 0)
    if (refused) throw brokerError(refused.errorCode, refused.message ?? refused.topic)
  }

  /** The controller has created them, but the brokers learn of it a little later. */
  async #awaitLeaders(topics: readonly TopicSize[], mayHaveFewer: boolean): Promise<void> {
    for (const { topic, partitions } of topics) {
      this.#brokers.forgetLeaders(topic)
      for (let partition = 0; partition < partitions; partition++)
        await this.#awaitLeader({ topic, partition }, mayHaveFewer)
    }
  }

  /** A topic that existed before may have fewer partitions than asked for. */
  async #awaitLeader(place: TopicPartition, mayHaveFewer: boolean): Promise<void> {
    try {
      await this.#brokers.leaderId(place)
    } catch (error) {
      const isUnknown = codeOf(error) === CODE.UNKNOWN_TOPIC_OR_PARTITION
      if (!mayHaveFewer || place.partition === 0 || !isUnknown) throw error
    }
  }

  /** @throws TopicMissingError `TOPIC_MISSING` when a topic does not exist. */
  async logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>> {
    const topics = [...new Set(partitions.map(({ topic }) => topic))]
    const described = await this.describe(topics)
    const missing = topics.filter((topic) => !described.has(topic))
    if (missing.length > 0) throw new TopicMissingError(missing, 'read')
    const [starts, ends] = await Promise.all([
      this.#offsetsAt(partitions, EARLIEST),
      this.#offsetsAt(partitions, LATEST),
    ])
    return new Map([...starts].map(([key, start]) => [key, { start, end: ends.get(key) ?? start }]))
  }

  async offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    const found = await this.#offsetsAt(partitions, timestamp)
    return new Map([...found].filter(([, offset]) => offset >= 0n))
  }

  async #offsetsAt(
    partitions: readonly TopicPartition[],
    timestamp: number,
  ): Promise<Map<string, bigint>> {
    const perLeader = await adminRequest(this.#brokers, { name: 'to list offsets' }, () =>
      this.#atLeaders(partitions, (broker, ofLeader) => broker.listOffsets(ofLeader, timestamp)),
    )
    return new Map(perLeader.flat().map((found) => [formatTopicPartition(found), found.offset]))
  }

  async deleteRecords(before: readonly PartitionOffset[]): Promise<void> {
    const topics = groupBy(before, ({ topic }) => topic)
    await Promise.all([...topics.values()].map((ofTopic) => this.#deleteInTopic(ofTopic)))
  }

  async #deleteInTopic(before: readonly PartitionOffset[]): Promise<void> {
    const name = `to delete records of ${before[0]?.topic}`
    await adminRequest(this.#brokers, { name }, () =>
      this.#atLeaders(before, async (broker, ofLeader) => {
        this.#logRefusals(ofLeader, await broker.deleteRecords(ofLeader))
      }),
    )
  }

  #logRefusals(before: readonly PartitionOffset[], refusals: readonly PartitionRefusal[]): void {
    const passing = refusals.find(({ error }) => isStaleLeader(error))
    if (passing) throw passing.error
    for (const { topic, partition, error } of refusals) {
      const refused = before.find((candidate) => candidate.partition === partition)
      const fields = { topic, partition, before: refused?.offset, reason: reasonOf(error) }
      this.#logger.warn('records were not deleted', fields)
    }
  }

  /** Runs one request per leader; a leader that has moved is forgotten, so that the next attempt looks again. */
  async #atLeaders<P extends TopicPartition, T>(
    partitions: readonly P[],
    request: (broker: Broker, ofLeader: readonly P[]) => Promise<T>,
  ): Promise<T[]> {
    try {
      const withLeader = await Promise.all(
        partitions.map(async (partition) => ({
          partition,
          leader: await this.#brokers.leader(partition),
        })),
      )
      const leaders = groupBy(withLeader, ({ leader }) => leader)
      return await Promise.all(
        [...leaders].map(([broker, group]) =>
          request(
            broker,
            group.map(({ partition }) => partition),
          ),
        ),
      )
    } catch (error) {
      for (const { topic } of partitions) this.#brokers.forgetLeaders(topic)
      throw error
    }
  }
}

function exists({ topic, errorCode }: TopicMetadata): boolean {
  if (errorCode === CODE.UNKNOWN_TOPIC_OR_PARTITION) return false
  if (errorCode !== 0) throw brokerError(errorCode, topic)
  return true
}

function describe({ partitions, topicId }: TopicMetadata): TopicDescription {
  return { partitions: partitions.length, ...(topicId === undefined ? {} : { topicId }) }
}
