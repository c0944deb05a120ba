import type { Database } from '../database/database.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { VersionedStoreDefinition } from '../stores/contract/store-definition.ts'
import { storeTable } from '../stores/store-table.ts'

/** A version of a row of a store. */
export interface TestVersionedEntry<K, V> {
  readonly key: K
  readonly value: V
  /** From when it was valid. Milliseconds since the epoch. */
  readonly timestamp: number
  /** Until when, excluded; null for the latest. */
  readonly validTo: number | null
  /** The partition whose task owns the row. */
  readonly partition: number
}

/** The committed versions of a store; made by `TopologyTestDriver.getVersionedStore`. */
export class TestVersionedStore<K, V> {
  readonly #database: Database
  readonly #definition: VersionedStoreDefinition<K, V>

  constructor(database: Database, definition: VersionedStoreDefinition<K, V>) {
    this.#database = database
    this.#definition = definition
  }

  /** All versions, by partition, then in the order of the key column, then by time; times without a row are left out. */
  async entries(): Promise<TestVersionedEntry<K, V>[]> {
    const { key: serde, value } = this.#definition
    const table = storeTable(this.#definition)
    const rows = await this.#database.range(table, { prefix: [] })
    return rows
      .filter(([, , , , cell]) => (cell ?? null) !== null)
      .map(([partition, key, from, to, cell]) => ({
        key: keyColumnOf(serde).fromCell(key!),
        value: value.column.fromCell(cell!),
        timestamp: from as number,
        validTo: to as number | null,
        partition: partition as number,
      }))
  }
}
