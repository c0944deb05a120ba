import type { Row, Table } from '../database/table.ts'
import { ROW_BYTES } from './cache-entry.ts'
import type { Reader } from '../database/transaction.ts'
import type { Cell } from '../model/cell.ts'
import { SortedEntries } from '../model/sorted-entries.ts'
import type { BufferPlace } from './contract/buffer-place.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** Something that waits in a buffer. */
export interface BufferEntry {
  readonly key: BufferPlace
}

/** How the entries of a buffer stand in its table, whose key begins with partition and time. */
export interface BufferLayout<E extends BufferEntry> {
  readonly table: Table
  /** All cells after partition. @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the entry. */
  toCells(entry: E): readonly Cell[]
  /** The cells of the table's key, after partition. */
  placeCells(entry: E): readonly Cell[]
  fromRow(row: Row): E
}

/**
 * What waits in one partition until time has passed, in the order in which it will leave: all of it in memory while the task runs,
 * and in a table, from which the next owner of the task goes on.
 */
export class BufferStore<E extends BufferEntry> implements TaskStore {
  readonly name: string
  readonly #layout: BufferLayout<E>
  readonly #partition: number
  readonly #reader: Reader
  readonly #entries = new SortedEntries<BufferPlace, E>(comparePlaces)
  /** What was set or deleted in the open unit, by its place. */
  #changed = new Map<string, { readonly entry: E; readonly isThere: boolean }>()

  constructor(layout: BufferLayout<E>, partition: number, reader: Reader) {
    this.name = layout.table.name
    this.#layout = layout
    this.#partition = partition
    this.#reader = reader
  }

  get dirtyBytes(): number {
    return this.#changed.size * ROW_BYTES
  }

  async open(): Promise<void> {
    const rows = await this.#reader.range(this.#layout.table, { prefix: [this.#partition] })
    const entries = await whenReadable(() => rows.map((row) => this.#layout.fromRow(row)))
    for (const entry of entries) this.#entries.set(entry)
  }

  /** The first entry behind a place, or the first of all. */
  after(place?: BufferPlace): E | undefined {
    return this.#entries.after(place)
  }

  /** Those of one time and key, in the order of their numbers. */
  at(time: number, bytes: string): readonly E[] {
    return this.#entries.within((place) => place.time - time || compareTexts(place.bytes, bytes))
  }

  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold the entry. */
  set(entry: E): void {
    // Refused here, where the policy can leave out the record, rather than at the commit.
    this.#layout.toCells(entry)
    this.#entries.set(entry)
    this.#changed.set(idOf(entry.key), { entry, isThere: true })
  }

  delete(entry: E): void {
    this.#entries.delete(entry.key)
    this.#changed.set(idOf(entry.key), { entry, isThere: false })
  }

  seal(): SealedChanges {
    const upserts: Row[] = []
    const deletes: (readonly Cell[])[] = []
    for (const { entry, isThere } of this.#changed.values()) {
      if (isThere) upserts.push([this.#partition, ...this.#layout.toCells(entry)])
      else deletes.push([this.#partition, ...this.#layout.placeCells(entry)])
    }
    this.#changed = new Map()
    const changes = { table: this.#layout.table, upserts, deletes }
    return { changes, committed: () => undefined }
  }
}

/** The bytes of a key, for its place in a buffer. */
export function bytesAsText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function comparePlaces(one: BufferPlace, other: BufferPlace): number {
  return one.time - other.time || compareTexts(one.bytes, other.bytes) || one.seq - other.seq
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function idOf({ time, bytes, seq }: BufferPlace): string {
  return `${time} ${seq} ${bytes}`
}
