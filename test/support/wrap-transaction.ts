import type { Table } from '../../src/database/table.ts'
import type { Transaction } from '../../src/database/transaction.ts'

/** Puts something around a statement. */
export type WrapStatement = <A extends [Table, ...never[]], R>(
  method: keyof Transaction,
  statement: (...args: A) => Promise<R>,
) => (...args: A) => Promise<R>

/** A transaction with something around each of its statements. */
export function wrapTransaction(inner: Transaction, wrap: WrapStatement): Transaction {
  return {
    getMany: wrap('getMany', inner.getMany.bind(inner)),
    range: wrap('range', inner.range.bind(inner)),
    upsertMany: wrap('upsertMany', inner.upsertMany.bind(inner)),
    insertMissing: wrap('insertMissing', inner.insertMissing.bind(inner)),
    deleteMany: wrap('deleteMany', inner.deleteMany.bind(inner)),
    deleteRange: wrap('deleteRange', inner.deleteRange.bind(inner)),
    updateWhere: wrap('updateWhere', inner.updateWhere.bind(inner)),
    renameTable: wrap('renameTable', inner.renameTable.bind(inner)),
  }
}
