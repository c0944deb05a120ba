import {
  ConsumerFailedError,
  OffsetOutOfRangeError,
  TopicMissingError,
} from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import { listRecords } from '../fetched-records.ts'
import type { GroupConsumer, GroupConsumerOptions, StopOptions } from '../group-consumer.ts'
import type { GroupMembership } from '../group-membership.ts'
import type { MemoryBroker } from './memory-broker.ts'
import type { MemoryMember } from './memory-group.ts'

/** Where the reading of a partition stands. */
interface ReadPosition extends TopicPartition {
  nextOffset: bigint
}

/** What a {@link MemoryGroupConsumer} is made of besides what the port gives. */
export interface MemoryConsumerOptions {
  readonly memberId: string
  readonly recordsPerBatch: number
}

/** A group consumer of the broker in memory: delivers one piece of each partition per turn of the event loop. */
export class MemoryGroupConsumer implements GroupConsumer {
  readonly #broker: MemoryBroker
  readonly #options: GroupConsumerOptions & MemoryConsumerOptions
  readonly #positions = new Map<string, ReadPosition>()
  readonly #paused = new Set<string>()
  #assigned: ReadonlySet<string> = new Set()
  #member: MemoryMember | undefined
  #membership: GroupMembership | undefined
  /** Rejects a start that is under way; later it does nothing. */
  #abandonStart: (() => void) | undefined
  #isScheduled = false
  readonly #onReadable = (): void => this.#schedule()

  constructor(broker: MemoryBroker, options: GroupConsumerOptions & MemoryConsumerOptions) {
    this.#broker = broker
    this.#options = options
  }

  async start(): Promise<void> {
    const { groupId, topics } = this.#options
    if (this.#member) throw new TypeError(`the consumer of group ${groupId} has been started`)
    const missing = topics.filter((topic) => !this.#broker.topics.describe(topic))
    if (missing.length > 0) throw new TopicMissingError(missing, 'read')
    this.#broker.onReadable(this.#onReadable)
    await new Promise<void>((resolve, reject) => {
      this.#abandonStart = () =>
        reject(new ConsumerFailedError(groupId, 'it was stopped while it joined'))
      this.#member = this.#createMember(resolve, reject)
      this.#broker.group(groupId).join(this.#member)
    })
  }

  fetchFrom({ topic, partition }: TopicPartition, offset: bigint): void {
    const key = formatTopicPartition({ topic, partition })
    if (!this.#assigned.has(key)) return
    this.#positions.set(key, { topic, partition, nextOffset: offset })
    this.#schedule()
  }

  pause(partition: TopicPartition): void {
    this.#paused.add(formatTopicPartition(partition))
  }

  resume(partition: TopicPartition): void {
    if (this.#paused.delete(formatTopicPartition(partition))) this.#schedule()
  }

  /** What is in memory is always known. */
  emptyAgo(partition: TopicPartition): number {
    const position = this.#positions.get(formatTopicPartition(partition))
    if (!position) return Infinity
    return position.nextOffset >= this.#broker.topics.log(position).range.end ? 0 : Infinity
  }

  announce(): void {
    if (this.#member) this.#broker.group(this.#options.groupId).announce(this.#member)
  }

  get membership(): GroupMembership | undefined {
    return this.#membership
  }

  async stop({ leaveGroup }: StopOptions = {}): Promise<void> {
    const member = this.#member
    this.#member = undefined
    this.#membership = undefined
    this.#abandonStart?.()
    this.#assign([])
    this.#broker.offReadable(this.#onReadable)
    if (!member) return
    const { groupId, sessionTimeoutMs, groupInstanceId } = this.#options
    const leave = () => this.#broker.group(groupId).leave(member)
    if (leaveGroup ?? groupInstanceId === undefined) leave()
    else setTimeout(leave, sessionTimeoutMs).unref()
  }

  #createMember(onFirst: () => void, onNever: (error: StreamsError) => void): MemoryMember {
    const { memberId, groupInstanceId = null, assignor, listener } = this.#options
    let hasStarted = false
    const member: MemoryMember = {
      memberId,
      groupInstanceId,
      assignor,
      onAssigned: ({ partitions, userData = new Uint8Array() }, generationId) => {
        if (this.#member !== member) return
        this.#membership = { memberId, generationId, groupInstanceId }
        this.#assign(partitions)
        void listener.onAssigned(partitions, userData)
        hasStarted = true
        onFirst()
      },
      onExcluded: (error) => {
        if (this.#member !== member) return
        this.#assign([])
        if (hasStarted) return listener.onFailed(error)
        void this.stop()
        onNever(error)
      },
    }
    return member
  }

  #assign(partitions: readonly TopicPartition[]): void {
    this.#positions.clear()
    this.#paused.clear()
    this.#assigned = new Set(partitions.map(formatTopicPartition))
  }

  #schedule(): void {
    if (this.#isScheduled || this.#positions.size === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      for (const [key, position] of [...this.#positions]) this.#deliver(key, position)
    })
  }

  /** The listener may have moved, paused or given up what is still to come. */
  #deliver(key: string, position: ReadPosition): void {
    if (this.#positions.get(key) !== position || this.#paused.has(key)) return
    const { topic, partition, nextOffset: from } = position
    const { recordsPerBatch: limit, isolation = 'read_committed', listener } = this.#options
    const log = this.#broker.topics.log(position)
    const { range } = log
    if (from < range.start || from > range.end) {
      this.#positions.delete(key)
      return listener.onFailed(new OffsetOutOfRangeError(position, from, range))
    }
    const piece = log.read(from, { limit, readCommitted: isolation === 'read_committed' })
    if (piece.nextOffset === from) return
    position.nextOffset = piece.nextOffset
    listener.onBatch({ topic, partition, ...piece, records: listRecords(piece.records) })
    this.#schedule()
  }
}
