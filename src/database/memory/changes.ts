import type { Cell } from '../../model/cell.ts'
import type { Row } from '../table.ts'
import type { MemorySchema } from './memory-schema.ts'
import type { Entry, MemoryTable } from './memory-table.ts'
import { SortedEntries, type Keyed, type Place } from '../../model/sorted-entries.ts'

/** What a transaction made of a key: a row, or none. */
interface Change extends Keyed<readonly Cell[]> {
  readonly row: Row | undefined
}

/** The changes of one transaction, and the tables as they look through them. */
export class Changes {
  readonly #byTable = new Map<MemoryTable, SortedEntries<readonly Cell[], Change>>()

  set(table: MemoryTable, change: Change): void {
    const changes =
      this.#byTable.get(table) ?? new SortedEntries<readonly Cell[], Change>(table.compareKeys)
    this.#byTable.set(table, changes)
    changes.set(change)
  }

  get(table: MemoryTable, key: readonly Cell[]): Entry | undefined {
    const change = this.#byTable.get(table)?.get(key)
    return change ? asEntry(change) : table.committed.get(key)
  }

  /** The rows of a range, in key order. */
  within(table: MemoryTable, place: Place<readonly Cell[]>): Entry[] {
    const committed = table.committed.within(place)
    const changes = this.#byTable.get(table)?.within(place) ?? []
    if (changes.length === 0) return committed
    const changed = new SortedEntries<readonly Cell[], Change>(table.compareKeys)
    for (const entry of [...committed, ...changes]) changed.set(entry)
    return changed.within(() => 0).flatMap((change) => asEntry(change) ?? [])
  }

  /** Makes them everybody's. */
  apply(schema: MemorySchema): void {
    for (const [{ table }, changes] of this.#byTable) {
      // A migration may have put another table in its place since.
      const { committed } = schema.table(table)
      for (const change of changes.within(() => 0)) {
        const entry = asEntry(change)
        if (entry) committed.set(entry)
        else committed.delete(change.key)
      }
    }
  }
}

function asEntry({ key, row }: Change): Entry | undefined {
  return row && { key, row }
}
