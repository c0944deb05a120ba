import { TIMES } from '../commit/system-tables.ts'
import type { Database } from '../database/database.ts'
import type { Row } from '../database/table.ts'
import { parseTaskId, type TaskId } from '../model/task-id.ts'
import type { Windowed } from '../model/windowed.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type {
  SessionStoreDefinition,
  WindowStoreDefinition,
} from '../stores/contract/store-definition.ts'
import { observedTimeOf, StoreTime } from '../stores/store-time.ts'
import { storeTable } from '../stores/store-table.ts'
import type { TestStoreEntry } from './test-key-value-store.ts'

/** The committed rows of a store with windows or sessions; made by `TopologyTestDriver.getWindowStore` and `getSessionStore`. */
export class TestWindowedStore<K, V> {
  readonly #database: Database
  readonly #definition: WindowStoreDefinition<K, V> | SessionStoreDefinition<K, V>

  constructor(
    database: Database,
    definition: WindowStoreDefinition<K, V> | SessionStoreDefinition<K, V>,
  ) {
    this.#database = database
    this.#definition = definition
  }

  /** All rows that have not expired, by partition, then in the order of the key columns. */
  async entries(): Promise<TestStoreEntry<Windowed<K>, V>[]> {
    const [rows, firstLive] = await Promise.all([
      this.#database.range(storeTable(this.#definition), { prefix: [] }),
      this.#firstLiveTimes(),
    ])
    const { kind } = this.#definition
    return rows
      .map((row) => this.#toEntry(row))
      .filter(({ key, partition }) => {
        const time = kind === 'session' ? key.end : key.start
        return time >= (firstLive.get(partition) ?? -Infinity)
      })
  }

  /** By partition: what lies before has expired, though it may be there. */
  async #firstLiveTimes(): Promise<Map<number, number>> {
    const rows = await this.#database.range(TIMES, { prefix: [] })
    const ofStore = rows.filter(([, name]) => name === observedTimeOf(this.#definition.name))
    return new Map(
      ofStore.map(([task, , time]) => [
        parseTaskId(task as TaskId).partition,
        new StoreTime({ value: Number(time) }, this.#definition).firstLive,
      ]),
    )
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
