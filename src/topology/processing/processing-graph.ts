import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'

/** The live nodes of one sub-topology in one task. Records are processed one at a time; the next only after the last's promise. */
export interface ProcessingGraph {
  /** Once, before anything else: nodes find their stores and schedule what they want to be called for. */
  init(): MaybePromise
  /**
   * Decodes a record of a source topic.
   * @throws DeserializationError `DESERIALIZATION_FAILED`, InvalidTimestampError `INVALID_TIMESTAMP` (no position: the caller knows it).
   */
  decode(topic: string, record: ConsumedRecord): StreamRecord
  /** Of the bytes of a key of a source topic, those that say which partition it goes to. */
  keyBytes(topic: string, key: Uint8Array): Uint8Array
  /** Runs a decoded record through all nodes below the source of `topic`, depth first. */
  process(topic: string, record: StreamRecord): MaybePromise
  /** Which rows a record of `topic` will need, as far as can be known before it is processed. */
  readAhead(topic: string): readonly ReadAhead[]
  /** Stream time goes on without a record: windows close, what waits for a time goes on. Nothing may be under way. */
  advance(streamTime: number): MaybePromise
  /** Forwards the results of calls that are under way, when they have come. Afterwards none is. */
  settle(): MaybePromise
  /**
   * Forwards what is under way, and what was held back until commit, parents before children: one change for each key of a cached store, the
   * partial results of combiners. Afterwards there is nothing of either.
   */
  flush(): MaybePromise
  /** Once, after all else: processors are closed. @throws what the first of them throws; all are closed. */
  close(): void
}

/** A store that a record of some source will ask, and the key it will ask for; `undefined` when this record will not. */
export interface ReadAhead {
  readonly store: string
  keyOf(record: StreamRecord): unknown
}
