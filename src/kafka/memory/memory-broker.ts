import { formatTopicPartition } from '../../model/topic-partition.ts'
import type { GroupOffset } from '../topics-and-offsets.ts'
import { MemoryGroup } from './memory-group.ts'
import { MemoryTopics } from './memory-topics.ts'
import { MemoryTransaction } from './memory-transaction.ts'

/** The newest producer of a transactional id. */
interface TransactionalId {
  readonly epoch: number
  transaction: MemoryTransaction | undefined
}

/** A broker in memory: what all clients of one adapter share. Its methods take effect at once. */
export class MemoryBroker {
  readonly topics = new MemoryTopics()
  readonly #groups = new Map<string, MemoryGroup>()
  readonly #offsets = new Map<string, Map<string, GroupOffset>>()
  readonly #transactionalIds = new Map<string, TransactionalId>()
  readonly #readers = new Set<() => void>()

  group(groupId: string): MemoryGroup {
    const group = this.#groups.get(groupId) ?? new MemoryGroup(groupId)
    this.#groups.set(groupId, group)
    return group
  }

  offsetsOf(groupId: string): ReadonlyMap<string, GroupOffset> {
    return this.#offsets.get(groupId) ?? new Map<string, GroupOffset>()
  }

  /** Fences earlier producers of the id, aborts their transaction and answers with the epoch of the new one. */
  initProducerId(transactionalId: string): number {
    const earlier = this.#transactionalIds.get(transactionalId)
    if (earlier?.transaction) this.#end(earlier, false)
    const epoch = (earlier?.epoch ?? -1) + 1
    this.#transactionalIds.set(transactionalId, { epoch, transaction: undefined })
    return epoch
  }

  /** Undefined for a producer that was fenced. */
  beginTransaction(transactionalId: string, epoch: number): MemoryTransaction | undefined {
    const current = this.#transactionalIds.get(transactionalId)
    if (current?.epoch !== epoch) return undefined
    current.transaction = new MemoryTransaction()
    return current.transaction
  }

  /** False for a producer that was fenced. */
  endTransaction(transactionalId: string, epoch: number, isCommit: boolean): boolean {
    const current = this.#transactionalIds.get(transactionalId)
    if (current?.epoch !== epoch) return false
    this.#end(current, isCommit)
    return true
  }

  /** Transactions that are not decided, by their ids. */
  get undecided(): ReadonlyMap<string, MemoryTransaction> {
    const open = [...this.#transactionalIds].flatMap(([id, { transaction }]) =>
      transaction ? [[id, transaction] as const] : [],
    )
    return new Map(open)
  }

  #end(id: TransactionalId, isCommit: boolean): void {
    const { transaction } = id
    id.transaction = undefined
    transaction?.end(isCommit)
    if (isCommit)
      for (const { groupId, offsets } of transaction?.offsets ?? []) this.#commit(groupId, offsets)
    this.wakeReaders()
  }

  #commit(groupId: string, offsets: MemoryTransaction['offsets'][number]['offsets']): void {
    const ofGroup = this.#offsets.get(groupId) ?? new Map<string, GroupOffset>()
    for (const entry of offsets) {
      ofGroup.set(formatTopicPartition(entry), { offset: entry.offset, metadata: entry.metadata })
    }
    this.#offsets.set(groupId, ofGroup)
  }

  /** Called whenever a log may have more to read. */
  onReadable(reader: () => void): void {
    this.#readers.add(reader)
  }

  offReadable(reader: () => void): void {
    this.#readers.delete(reader)
  }

  wakeReaders(): void {
    for (const reader of this.#readers) reader()
  }
}
