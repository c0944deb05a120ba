import type { Table } from '../../table.ts'
import { qualified, shorten } from '../identifiers.ts'
import type { PostgresTransaction } from '../postgres-transaction.ts'
import { lockSchema, MAX_STATEMENTS } from './migration.ts'

/**
 * Drops a table, or children of it when there are more than one transaction can hold the locks of, and answers whether the
 * table is gone.
 */
export async function dropSome(
  transaction: PostgresTransaction,
  schema: string,
  table: Table,
): Promise<boolean> {
  const [storedSchema, storedTable] = [shorten(schema), shorten(table.name)]
  await lockSchema(transaction, storedSchema)
  const values = [storedSchema, storedTable]
  const { rows } = await transaction.run(table.name, () => ({ ...READ_CHILDREN, values }))
  const children = rows.map(([name]) => name as string)
  const isLast = children.length <= MAX_STATEMENTS
  for (const name of isLast ? [table.name] : children.slice(0, MAX_STATEMENTS)) {
    const text = `drop table if exists ${qualified(schema, name)}`
    await transaction.run(table.name, () => ({ text, values: [], table: table.name }))
  }
  return isLast
}

const READ_CHILDREN = {
  table: 'pg_inherits',
  text: `
    select child.relname
    from pg_catalog.pg_inherits i
    join pg_catalog.pg_class child on child.oid = i.inhrelid
    join pg_catalog.pg_class parent on parent.oid = i.inhparent
    join pg_catalog.pg_namespace n on n.oid = parent.relnamespace
    where n.nspname = $1 and parent.relname = $2
    order by child.relname`,
}
