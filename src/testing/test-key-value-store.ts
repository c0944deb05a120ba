import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import { whenReadable } from '../serdes/when-readable.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { KeyValueStoreDefinition } from '../stores/contract/store-definition.ts'
import { storeTable } from '../stores/store-table.ts'

/** A row of a store. */
export interface TestStoreEntry<K, V> {
  readonly key: K
  readonly value: V
  /** Milliseconds since the epoch. */
  readonly timestamp: number
  /** The partition whose task owns the row. */
  readonly partition: number
}

/** The committed rows of a store; made by `TopologyTestDriver.getKeyValueStore`. */
export class TestKeyValueStore<K, V> {
  readonly #database: Database
  readonly #definition: KeyValueStoreDefinition<K, V>
  readonly #partitions: () => readonly number[]

  /** @param partitions Those that the tasks of the store have. @internal */
  constructor(
    database: Database,
    definition: KeyValueStoreDefinition<K, V>,
    partitions: () => readonly number[],
  ) {
    this.#database = database
    this.#definition = definition
    this.#partitions = partitions
  }

  /** The value of a key, `undefined` without one. Where several partitions have the key, it is the lowest partition's. */
  async get(key: K): Promise<V | undefined> {
    const cell = keyColumnOf(this.#definition.key).toCell(key)
    const keys = this.#partitions().map((partition) => [partition, cell])
    const rows = await this.#database.getMany(storeTable(this.#definition), { prefix: [], keys })
    const entries = await whenReadable(() => rows.map((row) => this.#toEntry(row)))
    return entries.toSorted((a, b) => a.partition - b.partition)[0]?.value
  }

  /** All rows, by partition, then in the order of the key column. */
  async entries(): Promise<TestStoreEntry<K, V>[]> {
    const rows = await this.#database.range(storeTable(this.#definition), { prefix: [] })
    return whenReadable(() => rows.map((row) => this.#toEntry(row)))
  }

  #toEntry([partition, key, value, timestamp]: Row): TestStoreEntry<K, V> {
    return {
      key: keyColumnOf(this.#definition.key).fromCell(key!),
      value: this.#definition.value.column.fromCell(value!),
      timestamp: timestamp as number,
      partition: partition as number,
    }
  }
}
