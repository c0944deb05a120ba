import type { OutgoingRecord } from '../model/record.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { GroupConsumer, GroupConsumerOptions } from './group-consumer.ts'
import type {
  GroupOffset,
  LogRange,
  NewTopic,
  PartitionOffset,
  TopicDescription,
  TopicSize,
} from './topics-and-offsets.ts'
import type { TransactionalProducer } from './transactional-producer.ts'

/** What an application hands to `new Streams(…)`: a client library with its own configuration, not yet connected. */
export interface KafkaAdapter {
  /** `kafkajs`, `memory`, … */
  readonly name: string
  /**
   * Connects and answers once a broker has answered.
   * @throws KafkaUnreachableError `KAFKA_UNREACHABLE` when none does within the client's own connection time-outs.
   */
  open(options: KafkaOpenOptions): Promise<Kafka>
}

/** What the runtime adds to the user's client configuration. */
export interface KafkaOpenOptions {
  readonly clientId: string
  readonly logger: Logger
}

/** The whole of Kafka as the rooms above see it. Bytes only: serdes and tables are unknown here. */
export interface Kafka {
  /** Number of partitions and identity of each topic that exists; topics that do not exist are absent. */
  describeTopics(topics: readonly string[]): Promise<Map<string, TopicDescription>>
  /** The names of all topics there are, but for those that Kafka keeps for itself. */
  listTopics(): Promise<readonly string[]>
  /** Creates topics; those that exist already stay as they are, also when several instances create them at once. */
  createTopics(topics: readonly NewTopic[]): Promise<void>
  /** Gives topics more partitions; those that have as many already, or more, stay as they are. */
  growTopics(topics: readonly TopicSize[]): Promise<void>
  /** Log start and log end (next offset to be written) of each partition, keyed by `topic-partition`. */
  logRanges(partitions: readonly TopicPartition[]): Promise<Map<string, LogRange>>
  /**
   * The offset of the first record of each partition that is no older than a time (milliseconds), keyed by `topic-partition`;
   * partitions without one are absent.
   */
  offsetsAt(partitions: readonly TopicPartition[], timestamp: number): Promise<Map<string, bigint>>
  /** Deletes all records before the given offsets; an offset past the end of a log is an error of that partition only, logged. */
  deleteRecords(before: readonly PartitionOffset[]): Promise<void>
  /** Committed offsets of a group, keyed by `topic-partition`; partitions without one are absent. Never a position to fetch from. */
  groupOffsets(
    groupId: string,
    partitions: readonly TopicPartition[],
  ): Promise<Map<string, GroupOffset>>
  /**
   * How many members a group by the `consumer` protocol has (KIP-848), those left out that have said that they will be back. One that has
   * died counts until its session is over. 0 for a group that there is not, or that has members by the classic protocol.
   */
  countMembers(groupId: string): Promise<number>
  /** A member of a consumer group; not started. */
  groupConsumer(options: GroupConsumerOptions): GroupConsumer
  /**
   * A producer under a transactional id that nobody has used before: InitProducerId has been acknowledged when this resolves.
   * The id is never initialised again by this producer.
   */
  transactionalProducer(transactionalId: string): Promise<TransactionalProducer>
  /**
   * Fences a transactional id for ever: InitProducerId until it succeeds. Afterwards its transaction is decided, and the
   * offsets it committed can be read.
   */
  fence(transactionalId: string): Promise<void>
  /** Produces with an idempotent producer and awaits the acknowledgement of all replicas, in order within a partition. */
  produce(records: readonly OutgoingRecord[]): Promise<void>
  /** Closes all connections; consumers and producers made here too. Idempotent. */
  close(): Promise<void>
}
