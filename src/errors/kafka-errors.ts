import { StreamsError, type ErrorContext } from './streams-error.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'

/** No broker of the list answered, or the connection to all of them was lost. */
export class KafkaUnreachableError extends StreamsError {
  readonly code = 'KAFKA_UNREACHABLE'
  readonly reaction = 'retry'

  constructor(brokers: readonly string[], context?: ErrorContext) {
    super(`no Kafka broker answers at ${brokers.join(', ')}`, context)
  }
}

/** A transaction that was ended, or whose producer was fenced, is not decided at every partition: the broker asks to wait. */
export class KafkaUndecidedError extends StreamsError {
  readonly code = 'KAFKA_UNDECIDED'
  readonly reaction = 'retry'

  constructor(request: string, reason: string, context?: ErrorContext) {
    super(`Kafka still decides a transaction and cannot answer ${request}: ${reason}`, context)
  }
}

/** The broker refused a request for a reason that trying again does not mend: no right, an invalid name or setting, a policy. */
export class KafkaRefusedError extends StreamsError {
  readonly code = 'KAFKA_REFUSED'
  readonly reaction = 'stop'

  constructor(request: string, reason: string, context?: ErrorContext) {
    super(`Kafka refused ${request}: ${reason}`, context)
  }
}

/** A topic that the topology reads or writes does not exist; rowstream creates only internal topics. */
export class TopicMissingError extends StreamsError {
  readonly code = 'TOPIC_MISSING'
  readonly reaction = 'stop'

  constructor(topics: readonly string[], use: 'read' | 'written', context?: ErrorContext) {
    super(`topics that are ${use} do not exist: ${topics.join(', ')}; create them first`, context)
  }
}

/** Topics whose records are joined by key have different numbers of partitions: equal keys would not meet. */
export class CopartitioningError extends StreamsError {
  readonly code = 'COPARTITIONING'
  readonly reaction = 'stop'

  constructor(
    topics: readonly (readonly [topic: string, partitions: number])[],
    joins: readonly string[],
    context?: ErrorContext,
  ) {
    const counts = topics.map(([topic, partitions]) => `${topic} has ${partitions}`).join(', ')
    super(
      `topics that are joined by ${joins.join(', ')} need equally many partitions, but ${counts}; ` +
        'repartition() one side with as many as the other has, or join with a globalTable',
      context,
    )
  }
}

/** The next offset of a partition is no longer, or not yet, in its log: retention overtook us, or the topic was recreated. */
export class OffsetOutOfRangeError extends StreamsError {
  readonly code = 'OFFSET_OUT_OF_RANGE'
  readonly reaction = 'stop'
  /** Whose log it is. */
  readonly partition: TopicPartition

  constructor(
    partition: TopicPartition,
    nextOffset: bigint,
    range: { start: bigint; end: bigint },
  ) {
    super(
      `offset ${nextOffset} of ${formatTopicPartition(partition)} is outside its log ${range.start}..${range.end}: ` +
        'records were deleted before they were read, or the topic was recreated',
    )
    this.partition = partition
  }
}

/**
 * A log has lost what was read from it, and has other records there now: Kafka elected a leader that lacked them, or a broker without
 * replicas lost its disk (KIP-320, as LogTruncationException).
 */
export class LogTruncatedError extends StreamsError {
  readonly code = 'LOG_TRUNCATED'
  readonly reaction = 'stop'

  constructor({ topic, partition }: TopicPartition, nextOffset: bigint, endOffset: bigint) {
    super(
      `the log of ${formatTopicPartition({ topic, partition })} was read up to offset ${nextOffset}, but has other records from offset ` +
        `${endOffset} on: the broker has lost what was there. See LOG_TRUNCATED in docs/errors.md for how to go on`,
    )
  }
}

/** A newer producer took over the transactional id: this instance is, or may be, no longer the owner. */
export class ProducerFencedError extends StreamsError {
  readonly code = 'PRODUCER_FENCED'
  readonly reaction = 'rejoin'

  constructor(transactionalId: string, context?: ErrorContext) {
    super(`the producer with transactional id ${transactionalId} was fenced`, context)
  }
}

/** A Kafka transaction failed, or nobody can say how it ended. Its producer must not be used again. */
export class TransactionUnknownError extends StreamsError {
  readonly code = 'TRANSACTION_UNKNOWN'
  readonly reaction = 'rejoin'

  constructor(transactionalId: string, context?: ErrorContext) {
    super(`the outcome of a Kafka transaction of ${transactionalId} is unknown`, context)
  }
}

/** The broker refused records: too large, no right to write, an invalid timestamp. */
export class ProductionError extends StreamsError {
  readonly code = 'PRODUCTION_REFUSED'
  readonly reaction = 'stop'

  constructor(topic: string, reason: string, context?: ErrorContext) {
    super(`the broker refused records for ${topic}: ${reason}`, context)
  }
}

/** Another member of the group has started under the same instance id: this one is out, and stays out. */
export class InstanceFencedError extends StreamsError {
  readonly code = 'INSTANCE_FENCED'
  readonly reaction = 'stop'

  constructor(groupId: string, groupInstanceId: string, context?: ErrorContext) {
    super(
      `another member of the group ${groupId} has started with the groupInstanceId ${groupInstanceId} and takes this one's place: ` +
        'each instance that runs at the same time needs one of its own',
      context,
    )
  }
}

/** The consumer stopped for a reason that trying again does not mend. */
export class ConsumerFailedError extends StreamsError {
  readonly code = 'CONSUMER_FAILED'
  readonly reaction = 'stop'

  constructor(groupId: string, reason: string, context?: ErrorContext) {
    super(`the consumer of group ${groupId} failed: ${reason}`, context)
  }
}
