import type { BufferPlace } from './buffer-place.ts'

/** A side of a join. */
export type JoinSide = 'left' | 'right'

/** A record that has found no partner yet. */
export interface UnmatchedRecord {
  /** By time, the right side first, then by the bytes of the record's key; those that are equal in all of it are numbered. */
  readonly key: BufferPlace
  readonly side: JoinSide
  readonly recordKey: unknown
  readonly value: unknown
}

/** The records of a left or outer join that have found no partner. */
export interface JoinBuffer {
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it. */
  add(side: JoinSide, recordKey: unknown, time: number, value: unknown): void
  /** Forgets all records of a side, key and time. */
  remove(side: JoinSide, recordKey: unknown, time: number): void
  /** As {@link remove}, by the place of one of them. */
  removeAt(place: BufferPlace): void
  /** The record behind a place, or the first of all. */
  after(place?: BufferPlace): UnmatchedRecord | undefined
}
