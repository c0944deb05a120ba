import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { VersionedStoreDefinition } from '../stores/contract/store-definition.ts'
import { storeTable } from '../stores/store-table.ts'
import { isForgotten } from '../stores/version-history.ts'
import { observedTimes } from './observed-times.ts'

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

  /** @internal */
  constructor(database: Database, definition: VersionedStoreDefinition<K, V>) {
    this.#database = database
    this.#definition = definition
  }

  /**
   * All versions that are not forgotten yet, by partition, then in the order of the key column, then by time; times without a row
   * are left out.
   */
  async entries(): Promise<TestVersionedEntry<K, V>[]> {
    const [rows, observed] = await Promise.all([
      this.#database.range(storeTable(this.#definition), { prefix: [] }),
      observedTimes(this.#database, this.#definition.name),
    ])
    return rows
      .filter(([, , , , cell]) => (cell ?? null) !== null)
      .map((row) => this.#toEntry(row))
      .filter(
        ({ validTo, partition }) =>
          !isForgotten(validTo, observed.get(partition) ?? -Infinity, this.#definition),
      )
  }

  #toEntry([partition, key, from, to, cell]: Row): TestVersionedEntry<K, V> {
    return {
      key: keyColumnOf(this.#definition.key).fromCell(key!),
      value: this.#definition.value.column.fromCell(cell!),
      timestamp: from as number,
      validTo: to as number | null,
      partition: partition as number,
    }
  }
}
