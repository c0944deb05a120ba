import type { JsonValue } from '../model/cell.ts'
import type { StoreMigration } from './store-migration.ts'

/** What an entry says, by field. */
export type Description = Readonly<Record<string, JsonValue>>

/**
 * A fact about the application that must stay as it was when the database was made.
 *
 * `place`: where the operator of a store stands in the topology · `subtopology`: what its tasks read, by its number.
 */
export interface CatalogueEntry {
  readonly kind: 'application' | 'store' | 'place' | 'subtopology' | 'topic'
  readonly name: string
  readonly description: Description
  /** What a person can do when these fields of it have changed on purpose. */
  readonly wayOut: (changed: readonly string[]) => string
  /** Of stores: what may change together with the version. */
  readonly migration?: StoreMigration
}
