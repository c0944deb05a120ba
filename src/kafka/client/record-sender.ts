import { ProductionError } from '../../errors/kafka-errors.ts'
import { groupBy } from '../../model/group-by.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import { byPartition } from '../record-batch/by-partition.ts'
import type { EncodedRecords } from '../record-batch/encoded-records.ts'
import { passingDelayMs } from './admin-request.ts'
import {
  brokerError,
  CODE,
  codeOf,
  isConnectionError,
  isStaleLeader,
  reasonOf,
} from './broker-error.ts'
import type { Broker } from './broker.ts'
import type { Brokers } from './brokers.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { RecordCursor, type SequencedBatch, type Sequences } from './record-cursor.ts'
import { monotonicMs, retry } from './retry.ts'
import { bytesInRequest, produceRequest } from './wire/produce.ts'

/** Upper bound of one request; a batch that is larger goes alone. */
const REQUEST_BYTES = 16 * 1024 * 1024
/** Of one partition: the broker remembers as many per producer, to know which of them are repeats (KAFKA-5494). */
const BATCHES_IN_FLIGHT = 5

/** A topic just created is unknown to some broker for milliseconds; one that stays unknown does not exist. Guess. */
const UNKNOWN_TOPIC_MS = 3_000

const TOO_LARGE = new Set<number>([CODE.MESSAGE_TOO_LARGE, CODE.RECORD_LIST_TOO_LARGE])

const REFUSALS = new Set<number>([
  ...TOO_LARGE,
  CODE.CORRUPT_MESSAGE,
  CODE.INVALID_TOPIC,
  CODE.TOPIC_AUTHORIZATION_FAILED,
  CODE.CLUSTER_AUTHORIZATION_FAILED,
  CODE.INVALID_TIMESTAMP,
  CODE.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  CODE.POLICY_VIOLATION,
  CODE.INVALID_RECORD,
])

/**
 * Sends records under one producer id, in rounds: in each, up to five batches of a partition are on their way at once, in
 * requests that a leader answers one after the other. What is not acknowledged is repeated in the next round, with all that
 * came behind it in the partition: so order holds whatever fails.
 */
export class RecordSender {
  readonly #brokers: Brokers
  readonly #producer: ProducerIdentity
  readonly #sequences: Sequences = new Map()

  constructor(brokers: Brokers, producer: ProducerIdentity) {
    this.#brokers = brokers
    this.#producer = producer
  }

  /**
   * Resolves when all replicas have acknowledged every record. After a rejection the sender must not be used again.
   * @throws ProductionError `PRODUCTION_REFUSED` when the broker refused a record; an error of the broker in every other case.
   */
  async send(records: readonly EncodedRecords[], timeoutMs: number): Promise<void> {
    let open = this.#cursors(records)
    await this.#persist(open, timeoutMs, async () => {
      for (;;) {
        // A round that failed for one partition may have finished others.
        open = open.filter((cursor) => !cursor.isDone)
        if (open.length === 0) return
        await this.#round(open, timeoutMs)
      }
    })
  }

  /**
   * Asks who leads the partitions.
   * @throws ProductionError `PRODUCTION_REFUSED` when one does not exist.
   */
  async locate(partitions: readonly TopicPartition[], timeoutMs: number): Promise<void> {
    await this.#persist(partitions, timeoutMs, async () => {
      for (const partition of partitions) await this.#brokers.leaderId(partition)
    })
  }

  #persist(
    partitions: readonly TopicPartition[],
    timeoutMs: number,
    attempt: () => Promise<void>,
  ): Promise<void> {
    const startedAt = monotonicMs()
    const delayMs = (error: unknown, attempts: number): number | undefined => {
      const isMissing = codeOf(error) === CODE.UNKNOWN_TOPIC_OR_PARTITION
      if (isMissing && monotonicMs() - startedAt > UNKNOWN_TOPIC_MS) {
        const topics = [...new Set(partitions.map(({ topic }) => topic))]
        throw new ProductionError(topics.join(', '), reasonOf(error), { cause: error })
      }
      return isUnderReplicated(error) ? 50 : passingDelayMs(this.#brokers, error, attempts)
    }
    return retry(attempt, { timeoutMs, delayMs })
  }

  async #round(cursors: readonly RecordCursor[], timeoutMs: number): Promise<void> {
    const withLeader = await Promise.all(
      cursors.map(async (cursor) => ({ cursor, leader: await this.#brokers.leader(cursor) })),
    )
    const sent = [...groupBy(withLeader, ({ leader }) => leader)].flatMap(([leader, group]) =>
      inRequests(group.map(({ cursor }) => this.#next(cursor))).flatMap((batches) =>
        this.#produce(leader, batches, timeoutMs),
      ),
    )
    // Nothing may be on its way any more when one of them is repeated.
    await Promise.allSettled(sent.map(({ code }) => code))
    const settled = [...groupBy(sent, ({ cursor }) => cursor)].map(([cursor, batches]) =>
      this.#settle(cursor, batches),
    )
    const failed = (await Promise.allSettled(settled)).find(({ status }) => status === 'rejected')
    if (failed) throw (failed as PromiseRejectedResult).reason
  }

  /**
   * The batches of a partition for one round. A broker that knows nothing of a producer takes any sequence for its first: until
   * one batch was acknowledged nothing may be behind it, or what is behind would overtake it when it is refused.
   */
  #next(cursor: RecordCursor): OwnedBatch[] {
    const isKnown = this.#sequences.has(formatTopicPartition(cursor))
    return cursor.next(isKnown ? BATCHES_IN_FLIGHT : 1).map((batch) => ({ ...batch, cursor }))
  }

  #produce(broker: Broker, batches: readonly OwnedBatch[], timeoutMs: number): SentBatch[] {
    const { transactionalId, producerId, producerEpoch } = this.#producer
    const isTransactional = transactionalId !== null
    const request = produceRequest({
      transactionalId,
      timeoutMs,
      batches: batches.map(({ records, firstSequence }) => ({
        records,
        producer: { producerId, producerEpoch, firstSequence, isTransactional },
      })),
    })
    const codes = broker
      .send(request)
      .then((answers) => new Map(answers.map((one) => [formatTopicPartition(one), one.errorCode])))
    return batches.map((batch) => ({
      ...batch,
      code: codes.then((all) => all.get(formatTopicPartition(batch.cursor)) ?? NO_ANSWER),
    }))
  }

  /** Takes the acknowledged batches off; what is behind one that was not is repeated with it, whatever was answered. */
  async #settle(cursor: RecordCursor, sent: readonly SentBatch[]): Promise<void> {
    try {
      for (const { code } of sent) if (!this.#accept(cursor, await code)) return
    } catch (error) {
      if (isStaleLeader(error) || isConnectionError(error))
        this.#brokers.forgetLeaders(cursor.topic)
      throw error
    }
  }

  /** Whether the next batch's answer counts. A batch that the broker has already is as good as acknowledged. */
  #accept(cursor: RecordCursor, code: number): boolean {
    if (code === 0 || code === CODE.DUPLICATE_SEQUENCE_NUMBER) {
      cursor.advance()
      this.#sequences.set(formatTopicPartition(cursor), cursor.sequence)
      return true
    }
    if (TOO_LARGE.has(code) && cursor.halve()) return false
    const error = brokerError(code, formatTopicPartition(cursor))
    throw REFUSALS.has(code)
      ? new ProductionError(cursor.topic, reasonOf(error), { cause: error })
      : error
  }

  #cursors(records: readonly EncodedRecords[]): RecordCursor[] {
    return byPartition(records).map((ofPartition) => {
      const sequence = this.#sequences.get(formatTopicPartition(ofPartition[0]!)) ?? 0
      return new RecordCursor(ofPartition, sequence)
    })
  }
}

/** What Kafka calls UNKNOWN_SERVER_ERROR: the broker said nothing about the batch. */
const NO_ANSWER = -1

/** A batch and the cursor that waits for its acknowledgement. */
interface OwnedBatch extends SequencedBatch {
  readonly cursor: RecordCursor
}

/** A batch on its way, and the broker's code for it. */
interface SentBatch extends OwnedBatch {
  readonly code: Promise<number>
}

/** The batches of a round in the requests that carry them: the first of each partition, then the second of each, … */
function inRequests(ofPartitions: readonly (readonly OwnedBatch[])[]): OwnedBatch[][] {
  return Array.from({ length: BATCHES_IN_FLIGHT }, (_, depth) =>
    ofPartitions.flatMap((batches) => batches[depth] ?? []),
  ).flatMap(splitBySize)
}

/** A request takes at most one batch of a partition, and so many bytes. */
function splitBySize(batches: readonly OwnedBatch[]): OwnedBatch[][] {
  const requests: OwnedBatch[][] = []
  let bytes = Infinity
  for (const batch of batches) {
    bytes += bytesInRequest(batch.records)
    if (bytes > REQUEST_BYTES) {
      requests.push([])
      bytes = bytesInRequest(batch.records)
    }
    requests.at(-1)!.push(batch)
  }
  return requests
}

function isUnderReplicated(error: unknown): boolean {
  const code = codeOf(error)
  return code === CODE.NOT_ENOUGH_REPLICAS || code === CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND
}
