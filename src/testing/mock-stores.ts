import type { Database } from '../database/database.ts'
import { memory } from '../database/memory/index.ts'
import type { KeptTime } from '../stores/contract/kept-time.ts'
import { openStore } from '../stores/open-store.ts'
import { storeTable } from '../stores/store-table.ts'
import type { TaskStore } from '../stores/task-store.ts'
import { consoleLogger } from '../telemetry/logger.ts'
import type { StoreBuilder } from '../topology/processor/store-builder.ts'

const CACHE_BYTES = 1_000_000

/** Stores of one task that never commits: empty at first, they hold what is put. */
export class MockStores {
  readonly #database: Database
  readonly #stores: ReadonlyMap<string, TaskStore>

  private constructor(database: Database, stores: readonly TaskStore[]) {
    this.#database = database
    this.#stores = new Map(stores.map((store) => [store.name, store]))
  }

  static async open(builders: readonly StoreBuilder[]): Promise<MockStores> {
    const database = await memory().open({ schema: 'mock', logger: consoleLogger('error') })
    const definitions = builders.map(({ definition }) => definition)
    const tables = definitions.map((store) => ({ table: storeTable(store), partitions: 1 }))
    await database.migrate(tables, async () => undefined)
    const times = new Map<string, KeptTime>()
    const time = (name: string) => {
      const kept = times.get(name) ?? { value: -1 }
      times.set(name, kept)
      return kept
    }
    const task = { partition: 0, reader: database, cacheBytesMax: () => CACHE_BYTES }
    const surroundings = { ...task, time, expired: () => undefined }
    return new MockStores(
      database,
      definitions.map((store) => openStore(store, surroundings)),
    )
  }

  /** @throws TypeError when there is none of that name. */
  store<Store>(name: string): Store {
    const store: unknown = this.#stores.get(name)
    if (store === undefined) throw new TypeError(`the context has no store ${name}`)
    return store as Store
  }

  close(): Promise<void> {
    return this.#database.close()
  }
}
