import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import type { Windowed } from '../model/windowed.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type {
  SessionStoreDefinition,
  WindowStoreDefinition,
} from '../stores/contract/store-definition.ts'
import { showsExpired, StoreTime } from '../stores/store-time.ts'
import { storeTable } from '../stores/store-table.ts'
import { observedTimes } from './observed-times.ts'
import type { TestStoreEntry } from './test-key-value-store.ts'

/** The committed rows of a store with windows or sessions; made by `TopologyTestDriver.getWindowStore` and `getSessionStore`. */
export class TestWindowedStore<K, V> {
  readonly #database: Database
  readonly #definition: WindowStoreDefinition<K, V> | SessionStoreDefinition<K, V>

  /** @internal */
  constructor(
    database: Database,
    definition: WindowStoreDefinition<K, V> | SessionStoreDefinition<K, V>,
  ) {
    this.#database = database
    this.#definition = definition
  }

  /**
   * All rows that processing sees, by partition, then in the order of the key columns.
   * @param options.expired Whether rows behind the retention are among them. (Default: where the store is cached, unless it emits on
   *   close: these see them until they are swept)
   */
  async entries({
    expired = showsExpired(this.#definition),
  }: { readonly expired?: boolean } = {}): Promise<TestStoreEntry<Windowed<K>, V>[]> {
    const [rows, observed] = await Promise.all([
      this.#database.range(storeTable(this.#definition), { prefix: [] }),
      observedTimes(this.#database, this.#definition.name),
    ])
    const entries = rows.map((row) => this.#toEntry(row))
    if (expired) return entries
    return entries.filter(({ key, partition }) => this.#isLive(key, observed.get(partition)))
  }

  #isLive({ start, end }: Windowed<K>, observed = -Infinity): boolean {
    const time = this.#definition.kind === 'session' ? end : start
    return time >= new StoreTime({ value: observed }, this.#definition).firstLive
  }

  #toEntry([partition, key, start, end, value, timestamp]: Row): TestStoreEntry<Windowed<K>, V> {
    const { key: keySerde, value: valueSerde } = this.#definition
    return {
      key: {
        key: keyColumnOf(keySerde).fromCell(key!),
        start: start as number,
        end: end as number,
      },
      value: valueSerde.column.fromCell(value!),
      timestamp: timestamp as number,
      partition: partition as number,
    }
  }
}
