import { ProductionError } from '../../errors/kafka-errors.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
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
import { byPartition } from './by-partition.ts'
import { groupBy } from '../../model/group-by.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { RecordCursor, type Sequences } from './record-cursor.ts'
import { monotonicMs, retry } from './retry.ts'
import { produceRequest } from './wire/produce.ts'

/** Upper bound of one request's records; more of them go in the next round. */
const REQUEST_BYTES = 16 * 1024 * 1024

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
 * Sends records under one producer id, in rounds: in each round every partition sends one batch, one request for each
 * leader. A partition's next batch is sent only after its last one was acknowledged, so order holds whatever fails.
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
  async send(records: readonly OutgoingRecord[], timeoutMs: number): Promise<void> {
    let open = this.#cursors(records)
    await this.#persist(open, timeoutMs, async () => {
      for (;;) {
        // A round that failed for one partition may have finished others.
        open = open.filter((cursor) => !cursor.isDone)
        if (open.length === 0) return
        await this.#round(fitting(open), timeoutMs)
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
    const leaders = groupBy(withLeader, ({ leader }) => leader)
    const requests = [...leaders].map(([broker, group]) =>
      this.#produce(
        broker,
        group.map(({ cursor }) => cursor),
        timeoutMs,
      ),
    )
    const failed = (await Promise.allSettled(requests)).find(
      (result) => result.status === 'rejected',
    )
    if (failed) throw failed.reason
  }

  async #produce(
    broker: Broker,
    cursors: readonly RecordCursor[],
    timeoutMs: number,
  ): Promise<void> {
    const batches = cursors.map((cursor) => cursor.batch(this.#producer))
    const bytesMax = cursors.reduce((sum, { batchBytes }) => sum + batchBytes, 0)
    const { transactionalId } = this.#producer
    try {
      const answers = await broker.send(
        produceRequest({ transactionalId, timeoutMs, batches, bytesMax }),
      )
      const codes = new Map(
        answers.map((answer) => [formatTopicPartition(answer), answer.errorCode]),
      )
      const failures = cursors.map((cursor) =>
        this.#settle(cursor, codes.get(formatTopicPartition(cursor)) ?? 0),
      )
      const failure = failures.find((error) => error !== undefined)
      if (failure) throw failure
    } catch (error) {
      if (isStaleLeader(error) || isConnectionError(error))
        for (const { topic } of cursors) this.#brokers.forgetLeaders(topic)
      throw error
    }
  }

  /** What the answer for one batch means; a batch that the broker has already is as good as acknowledged. */
  #settle(cursor: RecordCursor, code: number): Error | undefined {
    if (code === 0 || code === CODE.DUPLICATE_SEQUENCE_NUMBER) {
      cursor.advance()
      this.#sequences.set(formatTopicPartition(cursor), cursor.sequence)
      return undefined
    }
    if (TOO_LARGE.has(code) && cursor.halve()) return undefined
    const error = brokerError(code, formatTopicPartition(cursor))
    return REFUSALS.has(code)
      ? new ProductionError(cursor.topic, reasonOf(error), { cause: error })
      : error
  }

  #cursors(records: readonly OutgoingRecord[]): RecordCursor[] {
    return byPartition(records).map((ofPartition) => {
      const sequence = this.#sequences.get(formatTopicPartition(ofPartition[0]!)) ?? 0
      return new RecordCursor(ofPartition[0]!, ofPartition, sequence)
    })
  }
}

/** As many cursors as fit into a request, at least one. */
function fitting(cursors: readonly RecordCursor[]): readonly RecordCursor[] {
  let bytes = 0
  const end = cursors.findIndex(({ batchBytes }) => (bytes += batchBytes) > REQUEST_BYTES)
  return end < 0 ? cursors : cursors.slice(0, Math.max(1, end))
}

function isUnderReplicated(error: unknown): boolean {
  const code = codeOf(error)
  return code === CODE.NOT_ENOUGH_REPLICAS || code === CODE.NOT_ENOUGH_REPLICAS_AFTER_APPEND
}
