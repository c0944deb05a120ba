import type { Reader } from '../database/transaction.ts'
import type { StoreDefinition } from './contract/store-definition.ts'
import { TableStore } from './table-store.ts'
import type { TaskStore } from './task-store.ts'

/** What every store of a task is opened with. */
export interface StoreSurroundings {
  readonly partition: number
  readonly reader: Reader
  /** Of one store. */
  readonly cacheBytesMax: number
}

/** The store of a definition, for one task. */
export function openStore(
  definition: StoreDefinition,
  { partition, reader, cacheBytesMax }: StoreSurroundings,
): TaskStore {
  return new TableStore(definition, partition, reader, cacheBytesMax)
}
