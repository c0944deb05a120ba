import type { Table } from '../../table.ts'
import { qualified } from '../identifiers.ts'
import type { ExistingTable } from './existing-tables.ts'
import { storageOf } from './storage.ts'

/** Measured with 10,000 children: 86 s to create them, and then the server is out of shared memory. */
const MAX_CHILDREN = 1_000

/** The statements that give each partition a child to hold its rows: its own, or that of its remainder by a thousand. */
export function missingChildren(
  schema: string,
  table: Table,
  partitions: number,
  existing: ExistingTable | undefined,
): string[] {
  if (!table.partitioned) return []
  const count = Math.min(partitions, MAX_CHILDREN)
  const children = byRemainder(existing)
  return Array.from({ length: count }, (_, at) => at).flatMap((remainder) => {
    const wanted = valuesOf(remainder, partitions)
    const found = children.get(remainder)
    return found
      ? widenChild(schema, table, found, wanted)
      : [createChild(schema, table, `${table.name}_p${remainder}`, wanted)]
  })
}

/** A child, and the values it takes. */
interface Child {
  readonly name: string
  readonly values: readonly number[]
}

/** By what they hold: the children of a table that was renamed keep their names. */
function byRemainder(existing: ExistingTable | undefined): Map<number, Child> {
  const children = [...(existing?.children ?? [])]
  return new Map(
    children.map(([name, values]) => [(values[0] ?? 0) % MAX_CHILDREN, { name, values }]),
  )
}

function valuesOf(remainder: number, partitions: number): number[] {
  const count = Math.ceil((partitions - remainder) / MAX_CHILDREN)
  return Array.from({ length: count }, (_, at) => remainder + at * MAX_CHILDREN)
}

function createChild(
  schema: string,
  table: Table,
  child: string,
  values: readonly number[],
): string {
  const parent = qualified(schema, table.name)
  return `create table if not exists ${qualified(schema, child)} partition of ${parent} ${forValues(values)}${storageOf(table)}`
}

/** The bounds of a child cannot be altered: it is taken out and put back, with its rows. */
function widenChild(
  schema: string,
  table: Table,
  child: Child,
  wanted: readonly number[],
): string[] {
  if (wanted.every((value) => child.values.includes(value))) return []
  const parent = qualified(schema, table.name)
  const name = qualified(schema, child.name)
  const values = [...new Set([...child.values, ...wanted])]
  return [
    `alter table ${parent} detach partition ${name}; alter table ${parent} attach partition ${name} ${forValues(values)}`,
  ]
}

function forValues(values: readonly number[]): string {
  return `for values in (${values.join(', ')})`
}
