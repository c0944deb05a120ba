import type { OffsetWithMetadata } from '../transactional-producer.ts'

/** A log that holds records of a transaction. */
export interface TransactionLog {
  endTransaction(transaction: MemoryTransaction): void
}

/** Offsets of one group in a transaction. */
export interface TransactionOffsets {
  readonly groupId: string
  readonly offsets: readonly OffsetWithMetadata[]
}

/** A transaction of the broker in memory. The entries it wrote refer to it, so its end decides about all of them at once. */
export class MemoryTransaction {
  readonly #logs: TransactionLog[] = []
  readonly #offsets: TransactionOffsets[] = []
  #state: 'open' | 'committed' | 'aborted' = 'open'

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isCommitted(): boolean {
    return this.#state === 'committed'
  }

  /** Offsets that become those of their groups if it is committed. */
  get offsets(): readonly TransactionOffsets[] {
    return this.#offsets
  }

  /** Called by a log when it takes the first record. */
  wroteTo(log: TransactionLog): void {
    this.#logs.push(log)
  }

  addOffsets(groupId: string, offsets: readonly OffsetWithMetadata[]): void {
    if (offsets.length > 0) this.#offsets.push({ groupId, offsets })
  }

  /** Decides, once, and writes the marker into each log. */
  end(isCommit: boolean): void {
    this.#state = isCommit ? 'committed' : 'aborted'
    for (const log of this.#logs) log.endTransaction(this)
  }
}
