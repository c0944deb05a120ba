import type { Database } from '../database/database.ts'
import type { Reader, Transaction, TransactionOptions } from '../database/transaction.ts'
import { CatalogueMismatchError } from '../errors/ownership-errors.ts'
import type { JsonValue } from '../model/cell.ts'
import type { CatalogueEntry, Description } from './catalogue-entry.ts'
import type { StoreMigration } from './store-migration.ts'
import { CATALOGUE } from './system-tables.ts'
import { upgradeProblem } from './upgrade-problem.ts'

/**
 * Compares what the catalogue has with the topology; what it does not have yet is no difference.
 * @returns The stores whose rows are of an earlier version.
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH` for the first entry that differs, in the order given.
 */
export async function compareCatalogue(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<EarlierStore[]> {
  await checkLost(transaction, entries)
  return (await readKnown(transaction, entries)).flatMap(([entry, known]) => {
    const changed = known ? changedFields(entry.description, known) : []
    if (!known || changed.length === 0) return []
    const problem = entry.migration
      ? upgradeProblem(entry, entry.migration, known, changed)
      : entry.wayOut(changed)
    if (problem !== undefined) throw mismatch(entry, known, problem)
    return [{ entry, migration: entry.migration!, known }]
  })
}

/** Adds what the catalogue does not have yet, and answers what that was. */
export async function completeCatalogue(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<CatalogueEntry[]> {
  const known = await readKnown(transaction, entries)
  const added = known.filter(([, before]) => before === undefined).map(([entry]) => entry)
  const toRow = ({ kind, name, description }: CatalogueEntry) => [kind, name, description] as const
  await transaction.insertMissing(CATALOGUE, added.map(toRow))
  return added
}

/** Takes out what a start has added whose instance the group has refused: who stays would miss it at the next start. */
export async function withdrawEntries(
  database: Database,
  entries: readonly CatalogueEntry[],
  bounds: TransactionOptions,
): Promise<void> {
  const keys = entries.map(({ kind, name }) => [kind, name])
  await database.transaction(
    (transaction) => transaction.deleteMany(CATALOGUE, { prefix: [], keys }),
    bounds,
  )
}

/** A store of an earlier version, and what the catalogue says of it. */
export interface EarlierStore {
  readonly entry: CatalogueEntry
  readonly migration: StoreMigration
  readonly known: Description
}

/**
 * Compares again what an instance claims tasks for: the application may have been replaced by a newer one while it ran.
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH`
 */
export async function checkStillThere(
  reader: Reader,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  const wayOut = 'a newer version of the application has taken over: stop this one'
  for (const [entry, known = {}] of await readKnown(reader, entries))
    if (changedFields(entry.description, known).length > 0) throw mismatch(entry, known, wayOut)
}

async function readKnown(
  reader: Reader,
  entries: readonly CatalogueEntry[],
): Promise<[CatalogueEntry, Description | undefined][]> {
  const rows = await reader.getMany(CATALOGUE, {
    prefix: [],
    keys: entries.map(({ kind, name }) => [kind, name]),
  })
  const known = new Map(
    rows.map(([kind, name, description]) => [`${kind as string}/${name as string}`, description]),
  )
  return entries.map((entry) => [
    entry,
    known.get(`${entry.kind}/${entry.name}`) as Description | undefined,
  ])
}

function mismatch(
  { kind, name, description }: CatalogueEntry,
  known: Description,
  wayOut: string,
): CatalogueMismatchError {
  return new CatalogueMismatchError(
    `${kind} ${name}`,
    canonical(description),
    canonical(known),
    wayOut,
  )
}

/** The names of fields that are not the same in both. */
export function changedFields(found: Description, expected: Description): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)])
  return [...names].filter((name) => textOf(found[name]) !== textOf(expected[name]))
}

/** What the topology does not have any more: rows, or records that are still to be read, would be left behind in silence. */
async function checkLost(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  const store = await findLost(transaction, entries, 'store')
  if (store) {
    const wayOut = `give the store its name back (option store), or drop the table ${store.name} and delete its rows in rowstream_catalogue and rowstream_times (see docs/evolution.md)`
    throw lostError(`store ${store.name}`, wayOut)
  }
  const subtopology = await findLost(transaction, entries, 'subtopology')
  if (subtopology) {
    const wayOut = `put back what reads ${canonical(subtopology.description)}, or delete ('subtopology', '${subtopology.name}') from rowstream_catalogue: what its tasks have not read yet is left unread`
    throw lostError(`subtopology ${subtopology.name}`, wayOut)
  }
}

async function findLost(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
  kind: CatalogueEntry['kind'],
): Promise<{ readonly name: string; readonly description: Description } | undefined> {
  const names = new Set(entries.filter((entry) => entry.kind === kind).map(({ name }) => name))
  const rows = await transaction.range(CATALOGUE, { prefix: [kind] })
  const lost = rows.find(([, name]) => !names.has(name as string))
  return lost && { name: lost[1] as string, description: lost[2] as Description }
}

function lostError(what: string, wayOut: string): CatalogueMismatchError {
  return new CatalogueMismatchError(what, 'not in the topology', 'one that has it', wayOut)
}

function textOf(value: JsonValue | undefined): string {
  return value === undefined ? '' : canonical(value)
}

/** JSON with sorted names: a database may give the names of an object in another order. */
function canonical(value: JsonValue): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return JSON.stringify(value)
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${name}: ${canonical(field)}`).join(', ')}}`
}
