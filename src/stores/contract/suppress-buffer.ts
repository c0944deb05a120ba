import type { Headers } from '../../model/headers.ts'
import type { RecordOrigin } from '../../model/record.ts'
import type { BufferPlace } from './buffer-place.ts'

/** The last change of a key that is held back. Null stands for no row. */
export interface SuppressedChange {
  /** By the time at which the key came in, then by its bytes. */
  readonly key: BufferPlace
  readonly recordKey: unknown
  readonly newValue: unknown
  /** What this change replaced. */
  readonly oldValue: unknown
  /** What the first change that is held back replaced: what everybody below has seen last. */
  readonly priorValue: unknown
  readonly timestamp: number
  readonly headers: Headers
  /** What the record came from that made it, if from a topic. */
  readonly origin: RecordOrigin | undefined
  /** As Kafka Streams counts them; 0 where nobody asks. */
  readonly bytes: number
}

/** A change to be held back. */
export interface ChangeToSuppress extends Omit<SuppressedChange, 'key' | 'priorValue' | 'bytes'> {
  /** When it leaves, where its key is not held back yet: then it takes the place that the key has. Milliseconds. */
  readonly time: number
}

/** A change for each key, in the order of the times at which the keys came in. */
export interface SuppressBuffer {
  /** Number of keys. */
  readonly size: number
  readonly bytes: number
  /** @throws StoreRefusedError `STORE_REFUSED` when the table cannot hold it. */
  put(change: ChangeToSuppress): void
  first(): SuppressedChange | undefined
  remove(change: SuppressedChange): void
  /** The change of a key that is held back, as a row of which nobody knows the time. */
  get(key: unknown): { readonly value: SuppressedChange; readonly timestamp: number } | undefined
}
