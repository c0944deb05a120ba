import { NO_HEADERS } from '../../model/headers.ts'
import type { ConsumedRecord, OutgoingRecord } from '../../model/record.ts'
import type { LogRange } from '../topics-and-offsets.ts'
import type { MemoryTransaction } from './memory-transaction.ts'

/** An offset of a log: a record, or none where a transaction ends, and where one was compacted away. */
interface LogEntry {
  readonly record: ConsumedRecord | undefined
  /** What decides whether the record is ever delivered. */
  readonly transaction: MemoryTransaction | undefined
}

/** A piece of a log. */
export interface LogPiece {
  readonly records: readonly ConsumedRecord[]
  readonly nextOffset: bigint
  /** How far this reader could have read. */
  readonly endOffset: bigint
}

/** One partition's log. Offsets are numbers inside, because no log in memory outgrows them. */
export class MemoryLog {
  #entries: LogEntry[] = []
  /** Offset of the first entry that is kept. */
  #start = 0
  /** First offset of each transaction that is open in this log. */
  readonly #open = new Map<MemoryTransaction, number>()

  get #end(): number {
    return this.#start + this.#entries.length
  }

  get range(): LogRange {
    return { start: BigInt(this.#start), end: BigInt(this.#end) }
  }

  /** Of the first record that is no older. */
  offsetAt(timestamp: number): bigint | undefined {
    return this.#entries.find(({ record }) => record && record.timestamp >= timestamp)?.record
      ?.offset
  }

  append(record: OutgoingRecord, transaction: MemoryTransaction | undefined): void {
    if (transaction && !this.#open.has(transaction)) {
      this.#open.set(transaction, this.#end)
      transaction.wroteTo(this)
    }
    this.#entries.push({ record: stored(record, this.#end), transaction })
  }

  /** Writes the marker; the records of the transaction are decided from then on. */
  endTransaction(transaction: MemoryTransaction): void {
    this.#open.delete(transaction)
    this.#entries.push({ record: undefined, transaction })
  }

  /** At most so many entries from an offset in the log, up to the first open transaction if only committed ones are wanted. */
  read(
    from: bigint,
    { limit, readCommitted }: { limit: number; readCommitted: boolean },
  ): LogPiece {
    const first = Number(from) - this.#start
    const end = readCommitted ? this.#lastStable() : this.#end
    const entries = this.#entries.slice(first, Math.min(end - this.#start, first + limit))
    const isVisible = ({ transaction }: LogEntry) =>
      !readCommitted || !transaction || transaction.isCommitted
    const records = entries.filter(isVisible).flatMap(({ record }) => (record ? [record] : []))
    return { records, nextOffset: from + BigInt(entries.length), endOffset: BigInt(end) }
  }

  /** False for an offset past the end. */
  deleteBefore(offset: bigint): boolean {
    if (offset > BigInt(this.#end)) return false
    const count = Number(offset) - this.#start
    if (count > 0) {
      this.#entries.splice(0, count)
      this.#start += count
    }
    return true
  }

  /** Leaves the last record of each key, of those that are decided, and none that was aborted; offsets stay, as gaps. */
  compact(): void {
    const decided = this.#entries.slice(0, this.#lastStable() - this.#start)
    const kept = new Set(lastOfEachKey(decided).values())
    const compacted = decided.map((entry) => (kept.has(entry) ? entry : GAP))
    this.#entries = [...compacted, ...this.#entries.slice(decided.length)]
  }

  #lastStable(): number {
    return Math.min(this.#end, ...this.#open.values())
  }
}

const GAP: LogEntry = { record: undefined, transaction: undefined }

function lastOfEachKey(entries: readonly LogEntry[]): Map<string, LogEntry> {
  const last = new Map<string, LogEntry>()
  for (const entry of entries) {
    const { record, transaction } = entry
    const isThere = record && (!transaction || transaction.isCommitted)
    if (isThere) last.set(Buffer.from(record.key ?? []).toString('latin1'), entry)
  }
  return last
}

/** A broker keeps copies: its clients may use their buffers again. */
function stored(
  { timestamp, key, value, headers }: OutgoingRecord,
  offset: number,
): ConsumedRecord {
  return {
    offset: BigInt(offset),
    timestamp,
    key: copy(key),
    value: copy(value),
    headers:
      headers.length === 0 ? NO_HEADERS : headers.map(([name, bytes]) => [name, copy(bytes)]),
  }
}

function copy(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : Uint8Array.from(bytes)
}
