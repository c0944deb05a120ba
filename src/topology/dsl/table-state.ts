import type { Serde } from '../../serdes/serde.ts'
import type { ValueGetter } from '../processing/value-getter.ts'

/** What is known of a table while it is being defined. */
export interface TableState {
  /** Name of the node whose changes make the table. */
  readonly node: string
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
  /** Name of its store, where the user gave it one. */
  readonly store?: string | undefined
  /** Its rows are those of a versioned table, perhaps with other values: they can be looked up as of a time. */
  readonly isVersioned?: boolean
  /**
   * Its rows can be looked up as of a time, though it does not count as versioned: in Kafka Streams a table does not when options of a
   * store are given without a name. (Default: as it is versioned)
   */
  readonly isKnownByTime?: boolean
  /**
   * Has the table send old values with its changes, for a node below that needs them, and the tables above it that it takes
   * them from. Answers whether it does: without `force`, no table gets a store for that.
   */
  sendOldValues(force: boolean): boolean
  /** How a node below looks up rows. A table that has no other way gets a store. */
  valueGetter(): ValueGetter
}

/** How a table is read that has its rows in a store of its own: its changes have old values in any case. */
export function inStore(store: string): Pick<TableState, 'sendOldValues' | 'valueGetter'> {
  return { sendOldValues: () => true, valueGetter: () => ({ kind: 'store', store }) }
}
