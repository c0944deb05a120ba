import { setImmediate as afterPendingWork, setTimeout as sleep } from 'node:timers/promises'
import {
  ConsumerFailedError,
  LogTruncatedError,
  OffsetOutOfRangeError,
} from '../../errors/kafka-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { FetchedBatch } from '../group-consumer.ts'
import { passingDelayMs } from './admin-request.ts'
import { brokerError, CODE, codeOf, reasonOf } from './broker-error.ts'
import type { Brokers } from './brokers.ts'
import { committedBatches } from './committed-batches.ts'
import type { Cluster } from './cluster.ts'
import type { FetchPosition } from './fetch-position.ts'
import { groupBy } from '../../model/group-by.ts'
import { Topics } from './topics.ts'
import { fetchRequest, type Divergence, type FetchedPartition } from './wire/fetch.ts'
import { readRecordBatches, type RecordBatch } from '../record-batch/batch-reader.ts'
import { RecordsReader } from '../record-batch/records-reader.ts'
import { LogRecords } from './log-records.ts'

/** Upper bounds of one answer; a single record batch that is larger is answered all the same. */
export interface FetchLimits {
  readonly fetchMaxBytes: number
  readonly fetchMaxBytesPerPartition: number
}

export const DEFAULT_LIMITS: FetchLimits = {
  /** Guess: one answer's records are in memory twice for a moment; Kafka's default of 50 MB is for larger machines. */
  fetchMaxBytes: 8 * 1024 * 1024,
  /** Kafka's default `max.partition.fetch.bytes`. */
  fetchMaxBytesPerPartition: 1024 * 1024,
}

const UNKNOWN_EPOCH = -1

/** What a {@link Fetcher} says; see `GroupListener`. */
export interface FetchListener {
  onBatch(batch: FetchedBatch): void
  onFailed(error: StreamsError): void
}

/** What a {@link Fetcher} is made of. */
export interface FetcherOptions {
  readonly groupId: string
  readonly limits: FetchLimits
  readonly lanes: readonly [FetchLane, ...FetchLane[]]
  readonly readCommitted: boolean
  readonly decompress: Cluster['decompress']
  readonly listener: FetchListener
  readonly logger: Logger
}

/**
 * Connections for fetches and how long the broker may hold one back that finds nothing new.
 *
 * A broker answers one connection's requests in order: behind a fetch that waits for idle partitions, a partition that was
 * just started or resumed would wait too. So it is fetched on a second lane, briefly, until the first is free for all.
 */
export interface FetchLane {
  readonly brokers: Brokers
  readonly maxWaitMs: number
  /** Node ids with a fetch under way. */
  readonly busyNodes: Set<number>
}

/** Fetches assigned partitions from their leaders; the next fetch is under way while an answer is decoded and delivered. */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #brokers: Brokers
  readonly #topics: Topics
  #assigned: ReadonlySet<string> = new Set()
  readonly #paused = new Set<string>()
  readonly #positions = new Map<string, FetchPosition>()
  #isScheduled = false

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#brokers = options.lanes[0].brokers
    this.#topics = new Topics(this.#brokers, options.logger)
  }

  /** Forgets all positions and pauses; only these partitions can be fetched from now on. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#positions.clear()
    this.#paused.clear()
    this.#assigned = new Set(partitions.map(formatTopicPartition))
  }

  fetchFrom(
    { topic, partition }: TopicPartition,
    offset: bigint,
    leaderEpoch = UNKNOWN_EPOCH,
  ): void {
    const key = formatTopicPartition({ topic, partition })
    if (!this.#assigned.has(key)) return
    const leader = this.#positions.get(key)?.leader
    this.#positions.set(key, {
      topic,
      partition,
      nextOffset: offset,
      lastEpoch: leaderEpoch,
      emptyAt: -Infinity,
      isBusy: false,
      leader,
      failures: 0,
    })
    this.#schedule()
  }

  pause(partition: TopicPartition): void {
    this.#paused.add(formatTopicPartition(partition))
  }

  resume(partition: TopicPartition): void {
    if (this.#paused.delete(formatTopicPartition(partition))) this.#schedule()
  }

  /** See `GroupConsumer`. */
  emptyAgo(partition: TopicPartition): number {
    const emptyAt = this.#positions.get(formatTopicPartition(partition))?.emptyAt ?? -Infinity
    return performance.now() - emptyAt
  }

  /** Gathers what is called in one turn of the event loop into one fetch. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      this.#dispatch()
    })
  }

  #dispatch(): void {
    const ready = [...this.#positions].filter(
      ([key, { isBusy }]) => !isBusy && !this.#paused.has(key),
    )
    for (const [leader, group] of groupBy(ready, ([, position]) => position.leader)) {
      const positions = group.map(([, position]) => position)
      if (leader === undefined) for (const position of positions) void this.#locate(position)
      else this.#fetchOnFreeLane(leader, positions)
    }
  }

  #fetchOnFreeLane(nodeId: number, positions: readonly FetchPosition[]): void {
    const lane = this.#options.lanes.find(({ busyNodes }) => !busyNodes.has(nodeId))
    if (lane) void this.#fetch(lane, nodeId, positions)
  }

  async #locate(position: FetchPosition): Promise<void> {
    position.isBusy = true
    try {
      position.leader = await this.#brokers.leaderId(position)
      this.#release(position)
    } catch (error) {
      await this.#recover(position, error)
    }
  }

  async #fetch(
    lane: FetchLane,
    nodeId: number,
    positions: readonly FetchPosition[],
  ): Promise<void> {
    for (const position of positions) position.isBusy = true
    lane.busyNodes.add(nodeId)
    try {
      const answers = await this.#ask(lane, nodeId, positions)
      lane.busyNodes.delete(nodeId)
      await this.#accept(positions, answers)
    } catch (error) {
      lane.busyNodes.delete(nodeId)
      // Of other positions, which found no lane free.
      this.#schedule()
      await Promise.all(positions.map((position) => this.#recover(position, error)))
    }
  }

  async #ask(
    lane: FetchLane,
    nodeId: number,
    positions: readonly FetchPosition[],
  ): Promise<FetchedPartition[]> {
    const request = fetchRequest({
      maxWaitMs: lane.maxWaitMs,
      minBytes: 1,
      maxBytes: this.#options.limits.fetchMaxBytes,
      maxBytesPerPartition: this.#options.limits.fetchMaxBytesPerPartition,
      readCommitted: this.#options.readCommitted,
      partitions: positions.map(({ topic, partition, nextOffset, lastEpoch }) => ({
        topic,
        partition,
        offset: nextOffset,
        lastEpoch,
      })),
    })
    const broker = await lane.brokers.node(nodeId)
    return broker.send(request)
  }

  /** Moves all positions first, so that the next fetch leaves before the records of this one are decoded. */
  async #accept(
    positions: readonly FetchPosition[],
    answers: readonly FetchedPartition[],
  ): Promise<void> {
    const byKey = new Map(answers.map((answer) => [formatTopicPartition(answer), answer]))
    const pieces = positions.map((position) =>
      this.#advance(position, byKey.get(formatTopicPartition(position))),
    )
    this.#schedule()
    await afterPendingWork()
    for (const piece of pieces) if (piece) await this.#deliver(piece)
  }

  #advance(position: FetchPosition, answer: FetchedPartition | undefined): LogPiece | undefined {
    if (!answer || answer.errorCode !== 0) {
      void this.#recover(
        position,
        brokerError(answer?.errorCode ?? CODE.UNKNOWN_TOPIC_OR_PARTITION),
      )
      return undefined
    }
    if (answer.diverging) {
      this.#diverged(position, answer.diverging)
      return undefined
    }
    this.#toTheEnd(position)
    const from = position.nextOffset
    const batches = readRecordBatches(answer.log).filter(({ nextOffset }) => nextOffset > from)
    position.nextOffset = batches.at(-1)?.nextOffset ?? from
    position.lastEpoch = batches.at(-1)?.leaderEpoch ?? position.lastEpoch
    // An answer may also be empty because it was full, or because a transaction is open.
    if (batches.length === 0 && answer.highWatermark <= from) position.emptyAt = performance.now()
    // Decompression takes turns of the event loop: the next answer must not overtake it.
    const isHeld = batches.some(({ codec }) => codec !== 0)
    position.isBusy = isHeld
    const { nextOffset, lastEpoch } = position
    if (batches.length === 0) return undefined
    return { position, from, nextOffset, leaderEpoch: lastEpoch, batches, answer, isHeld }
  }

  /**
   * The log is not the one that was fetched from (KIP-320): what an election or a lost disk took away has been written anew. Where that
   * was only fetched and not asked for again, the position is still one of this log.
   */
  #diverged(position: FetchPosition, { epoch, endOffset }: Divergence): void {
    if (endOffset < position.nextOffset)
      return this.#fail(position, new LogTruncatedError(position, position.nextOffset, endOffset))
    position.lastEpoch = epoch
    this.#release(position)
  }

  /** Moves a partition to the end of the map, whose order is that in which the broker fills its answer. */
  #toTheEnd(position: FetchPosition): void {
    position.failures = 0
    if (!this.#isCurrent(position)) return
    const key = formatTopicPartition(position)
    this.#positions.delete(key)
    this.#positions.set(key, position)
  }

  async #deliver(piece: LogPiece): Promise<void> {
    const { position, from, nextOffset, leaderEpoch, batches, answer, isHeld } = piece
    const { topic, partition } = position
    try {
      const readers: RecordsReader[] = []
      for (const batch of committedBatches(batches, answer.abortedTransactions)) {
        const bytes = batch.codec === 0 ? batch.records : await this.#decompress(batch)
        readers.push(new RecordsReader(batch, bytes, from))
      }
      if (!this.#isCurrent(position)) return
      this.#options.listener.onBatch({
        topic,
        partition,
        records: new LogRecords(readers, (error) => this.#describe(position, error)),
        nextOffset,
        leaderEpoch,
        endOffset: this.#endOffset(answer, nextOffset),
      })
      if (isHeld) this.#release(position)
    } catch (error) {
      this.#fail(position, error)
    }
  }

  /** The broker notes the end before it reads: what was appended in between may be in the answer. */
  #endOffset({ highWatermark, lastStableOffset }: FetchedPartition, nextOffset: bigint): bigint {
    const noted = this.#options.readCommitted ? lastStableOffset : highWatermark
    return noted > nextOffset ? noted : nextOffset
  }

  #decompress({ codec, records }: RecordBatch): Promise<Buffer> {
    return this.#options.decompress(codec, records)
  }

  #isCurrent(position: FetchPosition): boolean {
    return this.#positions.get(formatTopicPartition(position)) === position
  }

  #release(position: FetchPosition): void {
    position.isBusy = false
    this.#schedule()
  }

  async #recover(position: FetchPosition, error: unknown): Promise<void> {
    if (!this.#isCurrent(position) || this.#brokers.isClosed) return
    this.#brokers.forgetLeaders(position.topic)
    position.leader = undefined
    position.failures++
    try {
      const delayMs = passingDelayMs(
        this.#brokers,
        await this.#explain(position, error),
        position.failures,
      )
      if (delayMs === undefined) return this.#fail(position, error)
      await sleep(delayMs)
      this.#release(position)
    } catch (failure) {
      this.#fail(position, failure)
    }
  }

  /** @throws OffsetOutOfRangeError when the offset is outside of the log, also by what the broker says when asked again. */
  async #explain(position: FetchPosition, error: unknown): Promise<unknown> {
    if (codeOf(error) !== CODE.OFFSET_OUT_OF_RANGE) return error
    const range = (await this.#topics.logRanges([position])).get(formatTopicPartition(position))
    if (range && (position.nextOffset < range.start || position.nextOffset > range.end)) {
      throw new OffsetOutOfRangeError(position, position.nextOffset, range)
    }
    // It may be the epoch that the broker knows nothing of any more.
    position.lastEpoch = UNKNOWN_EPOCH
    return brokerError(CODE.OFFSET_NOT_AVAILABLE, reasonOf(error))
  }

  #fail(position: FetchPosition, error: unknown): void {
    if (!this.#isCurrent(position)) return
    this.#positions.delete(formatTopicPartition(position))
    this.#options.listener.onFailed(this.#describe(position, error))
  }

  #describe(position: FetchPosition, error: unknown): StreamsError {
    if (StreamsError.is(error)) return error
    const reason = `${formatTopicPartition(position)}: ${reasonOf(error)}`
    return new ConsumerFailedError(this.#options.groupId, reason, { cause: error })
  }
}

/** Whole batches of one partition in an answer, from the position where the fetch began. */
interface LogPiece {
  readonly position: FetchPosition
  readonly from: bigint
  readonly nextOffset: bigint
  readonly leaderEpoch: number
  readonly batches: readonly RecordBatch[]
  readonly answer: FetchedPartition
  /** Whether the position is busy until the piece is delivered. */
  readonly isHeld: boolean
}
