import type { Headers } from '../../model/headers.ts'
import type { KeyValueStore } from '../../stores/contract/key-value-store.ts'

/** A record that a sink hands over: encoded, without a partition (the runtime chooses it by the key's murmur2). */
export interface SinkRecord {
  /** Full name of the topic. */
  readonly topic: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly headers: Headers
}

/** Why a record went no further. Each drop is counted and logged with topic, partition and offset. */
export type DropReason = 'null-key' | 'null-value'

/** What a node may ask of the task it runs in: the topology's only way to the world. Implemented by the runtime. */
export interface NodeContext {
  store<K, V>(name: string): KeyValueStore<K, V>
  /** Stages a record for the task's next commit. */
  send(record: SinkRecord): void
  dropped(reason: DropReason, node: string): void
  /**
   * A user's function, a serde or a store's `put` threw in `node`. Returns when the failure policy says to leave the record
   * out at this node (children do not get it, siblings do); otherwise throws what stops the task.
   */
  failed(error: unknown, node: string, phase: 'processing' | 'production'): void
}
