import type { Transaction } from '../database/transaction.ts'
import { CatalogueMismatchError } from '../errors/ownership-errors.ts'
import type { JsonValue } from '../model/cell.ts'
import { CATALOGUE } from './system-tables.ts'

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
}

/**
 * Adds what the catalogue does not have yet, and compares the rest.
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH` for the first entry that differs, in the order given.
 */
export async function checkCatalogue(
  transaction: Transaction,
  entries: readonly CatalogueEntry[],
): Promise<void> {
  await checkLost(transaction, entries)
  await transaction.insertMissing(
    CATALOGUE,
    entries.map(({ kind, name, description }) => [kind, name, description]),
  )
  const rows = await transaction.getMany(CATALOGUE, {
    prefix: [],
    keys: entries.map(({ kind, name }) => [kind, name]),
  })
  const known = new Map(
    rows.map(([kind, name, description]) => [`${kind as string}/${name as string}`, description]),
  )
  for (const entry of entries) checkEntry(entry, known.get(`${entry.kind}/${entry.name}`))
}

function checkEntry(entry: CatalogueEntry, known: unknown): void {
  const expected = known as Description
  const changed = changedFields(entry.description, expected)
  if (changed.length === 0) return
  throw new CatalogueMismatchError(
    `${entry.kind} ${entry.name}`,
    canonical(entry.description),
    canonical(expected),
    entry.wayOut(changed),
  )
}

function changedFields(found: Description, expected: Description): string[] {
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
    const wayOut = `give the store its name back (option store), or drop the table ${store.name} and delete its rows in rowstream_catalogue`
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
