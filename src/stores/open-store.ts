import type { StoreDefinition } from './contract/store-definition.ts'
import { JoinWindows } from './join-windows.ts'
import { SessionTableStore } from './session-table-store.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { TableJoinBuffer } from './table-join-buffer.ts'
import { TableRecordBuffer } from './table-record-buffer.ts'
import { TableStore } from './table-store.ts'
import { TableSubscriptions } from './table-subscriptions.ts'
import { TableSuppressBuffer } from './table-suppress-buffer.ts'
import { TableVersions } from './table-versions.ts'
import type { TaskStore } from './task-store.ts'
import { WindowTableStore } from './window-table-store.ts'

/** The store of a definition, for one task. */
export function openStore(definition: StoreDefinition, surroundings: StoreSurroundings): TaskStore {
  const { partition, reader, cacheBytesMax } = surroundings
  switch (definition.kind) {
    case 'key-value':
      return new TableStore(definition, partition, reader, cacheBytesMax)
    case 'window':
      return new WindowTableStore(definition, surroundings)
    case 'session':
      return new SessionTableStore(definition, surroundings)
    case 'versioned':
      return new TableVersions(definition, surroundings)
    case 'join-window':
      return new JoinWindows(definition, surroundings)
    case 'join-buffer':
      return new TableJoinBuffer(definition, surroundings)
    case 'record-buffer':
      return new TableRecordBuffer(definition, surroundings)
    case 'suppress-buffer':
      return new TableSuppressBuffer(definition, surroundings)
    case 'subscriptions':
      return new TableSubscriptions(definition, surroundings)
  }
}
