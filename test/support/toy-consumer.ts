import { OffsetOutOfRangeError } from '../../src/errors/kafka-errors.ts'
import { listRecords } from '../../src/kafka/fetched-records.ts'
import type { GroupConsumer, GroupConsumerOptions } from '../../src/kafka/group-consumer.ts'
import { formatTopicPartition, type TopicPartition } from '../../src/model/topic-partition.ts'
import { decodeMetadata, type MemberMetadata } from '../../src/rebalance/member-metadata.ts'
import type { ToyBroker } from './toy-broker.ts'

/** A member of a group that a test assigns by hand: delivers what is in the logs of a {@link ToyKafka}. */
export class ToyConsumer implements GroupConsumer {
  readonly #kafka: ToyBroker
  readonly #options: GroupConsumerOptions
  readonly #positions = new Map<string, { readonly place: TopicPartition; next: bigint }>()
  readonly #paused = new Set<string>()
  #assigned = new Set<string>()
  #isStopped = false
  /** Every position that was fetched from, in order. */
  readonly fetchedFrom: string[] = []
  /** What was paused and resumed, in order. */
  readonly throttled: string[] = []
  /** Delivers nothing. */
  isSilent = false

  constructor(kafka: ToyBroker, options: GroupConsumerOptions) {
    this.#kafka = kafka
    this.#options = options
  }

  /** What the member tells the leader. */
  get metadata(): MemberMetadata {
    return decodeMetadata(this.#options.assignor.userData())
  }

  async start(): Promise<void> {}

  /** @param word What the leader says beside: unless told otherwise, that there is no other member, and nobody to wait for. */
  assign(partitions: readonly TopicPartition[], word = '{"instances": []}'): void {
    void this.reconcile(partitions, word)
  }

  /** As a broker that assigns: resolves when what is lost is let go. */
  async reconcile(partitions: readonly TopicPartition[], word = ''): Promise<void> {
    this.#assigned = new Set(partitions.map(formatTopicPartition))
    this.#positions.clear()
    await this.#options.listener.onAssigned(partitions, Buffer.from(word))
  }

  fetchFrom(place: TopicPartition, offset: bigint): void {
    const name = formatTopicPartition(place)
    if (!this.#assigned.has(name)) return
    this.fetchedFrom.push(`${name}@${offset}`)
    this.#paused.delete(name)
    this.#positions.set(name, { place, next: offset })
    this.deliverSoon()
  }

  pause(partition: TopicPartition): void {
    this.throttled.push(`pause ${formatTopicPartition(partition)}`)
    this.#paused.add(formatTopicPartition(partition))
  }

  resume(partition: TopicPartition): void {
    this.throttled.push(`resume ${formatTopicPartition(partition)}`)
    this.#paused.delete(formatTopicPartition(partition))
    this.deliverSoon()
  }

  emptyAgo(place: TopicPartition): number {
    const next = this.#positions.get(formatTopicPartition(place))?.next
    if (this.isSilent || next === undefined) return Infinity
    return Number(next) >= this.#kafka.log(place).length ? 0 : Infinity
  }

  announce(): void {}

  get membership(): undefined {
    return undefined
  }

  async stop(): Promise<void> {
    this.#isStopped = true
  }

  /** Delivers a record of `in` that the runtime does not wait for any more. */
  deliverLate(partition: number, key: string): void {
    const place = { topic: 'in', partition }
    const offset = BigInt(this.#kafka.log(place).length)
    const [bytes, rest] = [Buffer.from(key), { timestamp: 0, headers: [] }]
    const records = listRecords([{ offset, key: bytes, value: bytes, ...rest }])
    const nextOffset = offset + 1n
    this.#options.listener.onBatch({ ...place, records, nextOffset, endOffset: nextOffset })
  }

  /** The log has gone on over records that nobody sees, such as the ends of transactions. */
  deliverUnseen(place: TopicPartition, nextOffset: bigint): void {
    const records = listRecords([])
    this.#options.listener.onBatch({ ...place, records, nextOffset, endOffset: nextOffset })
  }

  /** The log begins behind what is fetched. */
  deliverOutOfRange(place: TopicPartition): void {
    const range = { start: 100n, end: 200n }
    this.#options.listener.onFailed(new OffsetOutOfRangeError(place, 0n, range))
  }

  deliverSoon(): void {
    setImmediate(() => this.#deliver())
  }

  #deliver(): void {
    if (this.#isStopped || this.isSilent) return
    for (const [name, position] of [...this.#positions]) {
      const log = this.#kafka.log(position.place)
      const first = Number(position.next)
      if (this.#paused.has(name) || first >= log.length) continue
      const records = listRecords(
        log.slice(first).map((record, i) => ({ ...record, offset: BigInt(first + i) })),
      )
      position.next = BigInt(log.length)
      const endOffset = BigInt(log.length)
      const batch = { ...position.place, records, nextOffset: position.next, endOffset }
      this.#options.listener.onBatch(batch)
    }
  }
}
