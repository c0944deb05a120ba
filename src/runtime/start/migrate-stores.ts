import type { CatalogueEntry } from '../../commit/catalogue-entry.ts'
import type { CommitBounds } from '../../commit/commit-bounds.ts'
import {
  copyRows,
  dropOld,
  makeShadow,
  swapTables,
  type CopiedStore,
} from '../../commit/migrate-rows.ts'
import {
  readMigration,
  readMigrations,
  type MigrationProgress,
} from '../../commit/migration-progress.ts'
import type { Database } from '../../database/database.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { Backoff } from '../backoff.ts'

/** What a migration works with. */
export interface MigrationContext {
  readonly database: Database
  readonly telemetry: Telemetry
  readonly bounds: CommitBounds
  /** What fails for passing reasons is tried again this long. */
  readonly retryMs: number
}

/** Another instance that has made no step for so long is taken for dead. A guess: a step takes a few hundredths of it. */
const PATIENCE_MS = 1_000
/** How often the log says how far it is. */
const REPORT_MS = 10_000

/**
 * Brings every store to the version of the topology, before a task of it is claimed; goes on where a start that died left it.
 * Any number of instances may do so at once: whoever makes a step first goes on, the others wait until it is done or dead.
 *
 * @throws MigrationError `MIGRATION_FAILED`
 */
export async function migrateStores(
  context: MigrationContext,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  for (const progress of await readMigrations(context.database)) {
    const entry = entries.find(({ kind, name }) => kind === 'store' && name === progress.store)
    if (progress.phase === 'dropping') await drop(context, progress)
    else if (entry?.migration?.rows)
      await new StoreMigrator(context, entry, entry.migration as CopiedStore).run(progress)
  }
}

/** The migration of one store. */
class StoreMigrator {
  readonly #context: MigrationContext
  readonly #entry: CatalogueEntry
  readonly #migration: CopiedStore
  #backoff: Backoff
  #reportAt: number

  constructor(context: MigrationContext, entry: CatalogueEntry, migration: CopiedStore) {
    this.#context = context
    this.#entry = entry
    this.#migration = migration
    this.#backoff = this.#newBackoff()
    this.#reportAt = context.telemetry.clock.now() + REPORT_MS
  }

  async run(begun: MigrationProgress): Promise<void> {
    const { database } = this.#context
    this.#log('a store is migrated', begun)
    await this.#patiently(() => makeShadow(database, this.#migration))
    for (;;) {
      const progress = await this.#patiently(() => readMigration(database, begun))
      if (!progress) return
      if (progress.phase === 'dropping') return this.#end(progress)
      if (await this.#patiently(() => this.#step(progress))) this.#report(progress)
      else await this.#waitForOther(progress)
    }
  }

  async #step(progress: MigrationProgress): Promise<boolean> {
    const { database, bounds, telemetry } = this.#context
    if (progress.partition >= this.#migration.partitions) {
      const { description } = this.#entry
      return swapTables(database, this.#migration, description, progress, bounds.claim)
    }
    const copied = await copyRows(database, this.#migration, progress, bounds.claim)
    if (copied) telemetry.instruments.rowsMigrated.add(copied, { store: progress.store })
    return copied !== undefined
  }

  async #waitForOther(seen: MigrationProgress): Promise<void> {
    const { database, telemetry } = this.#context
    for (let step: bigint | undefined = seen.step; step !== undefined;) {
      const now = (await this.#patiently(() => readMigration(database, seen)))?.step
      if (now === step) return
      await telemetry.clock.sleep(PATIENCE_MS)
      step = now
    }
  }

  async #end(progress: MigrationProgress): Promise<void> {
    await drop(this.#context, progress)
    this.#log('a store was migrated', progress)
  }

  #report(progress: MigrationProgress): void {
    const now = this.#context.telemetry.clock.now()
    if (now < this.#reportAt) return
    this.#reportAt = now + REPORT_MS
    this.#log('a store is being migrated', progress)
  }

  #log(message: string, { store, from, to, rows, partition }: MigrationProgress): void {
    const { partitions } = this.#migration
    this.#context.telemetry.logger.info(message, { store, from, to, rows, partition, partitions })
  }

  /** Progress is in the database: after a COMMIT whose outcome is unknown it says what to do next. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await work()
        this.#backoff = this.#newBackoff()
        return result
      } catch (error) {
        if (!isPassing(error) || !(await this.#backoff.wait())) throw error
      }
    }
  }

  #newBackoff(): Backoff {
    return new Backoff(this.#context.telemetry.clock, this.#context.retryMs)
  }
}

/** The new table is in place: an old one that cannot be dropped, such as below a view, is tried again at the next start. */
async function drop(
  { database, telemetry }: MigrationContext,
  progress: MigrationProgress,
): Promise<void> {
  try {
    await dropOld(database, progress)
  } catch (error) {
    const { store, from } = progress
    telemetry.logger.warn('the table of an earlier version is still there', { store, from, error })
  }
}

function isPassing(error: unknown): boolean {
  if (!StreamsError.is(error)) return false
  return error.code === 'COMMIT_UNKNOWN' || ['retry', 'wait'].includes(error.reaction)
}
