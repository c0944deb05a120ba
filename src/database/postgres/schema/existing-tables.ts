import type { WireRow } from '../codec/row-decoder.ts'
import type { PostgresTransaction } from '../postgres-transaction.ts'

/** A table found in the schema. */
export interface ExistingTable {
  readonly columns: ReadonlySet<string>
  /** The values each child takes, by the child's name; empty when the table is not partitioned. */
  readonly children: Map<string, readonly number[]>
}

/** What is in the schema already; `undefined` when there is no such schema. */
export async function readExistingTables(
  transaction: PostgresTransaction,
  schema: string,
): Promise<ReadonlyMap<string, ExistingTable> | undefined> {
  const { rows } = await transaction.run('pg_class', () => ({ ...READ, values: [schema] }))
  if (rows.length === 0) return undefined
  const tables = new Map<string, ExistingTable>()
  for (const [table, columns] of rows) {
    if (table)
      tables.set(table, {
        columns: new Set(JSON.parse(columns ?? '[]') as string[]),
        children: new Map(),
      })
  }
  for (const row of rows) addChild(tables, row)
  return tables
}

/** Only catalogues, no DDL: a restart takes no lock that a running instance could feel. */
const READ = {
  table: 'pg_class',
  text: `
    select c.relname,
      (select json_agg(a.attname) from pg_catalog.pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and not c.relispartition),
      parent.relname,
      pg_catalog.pg_get_expr(c.relpartbound, c.oid)
    from pg_catalog.pg_namespace n
    left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p')
    left join pg_catalog.pg_inherits i on i.inhrelid = c.oid
    left join pg_catalog.pg_class parent on parent.oid = i.inhparent
    where n.nspname = $1`,
}

function addChild(tables: Map<string, ExistingTable>, [child, , parent, bound]: WireRow): void {
  if (!child || !parent || !bound) return
  // `FOR VALUES IN (3, 1003)`, as pg_get_expr writes it in every version.
  const values = bound.match(/-?\d+/g)?.map(Number) ?? []
  tables.get(parent)?.children.set(child, values)
}
