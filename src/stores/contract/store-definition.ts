import type { Serde } from '../../serdes/serde.ts'

/** What a store is: enough to make its table and to open it. */
export interface StoreDefinition<K = unknown, V = unknown> {
  readonly kind: 'key-value'
  readonly name: string
  readonly key: Serde<K>
  readonly value: Serde<V>
  /**
   * Cached (default): changes are forwarded at commit, one for each key. Not cached: a change for each record.
   * The write-behind cache itself always works; this only says what downstream nodes see.
   */
  readonly cache: boolean
}
