import type { Transaction } from '../../../src/database/transaction.ts'

/** Sends a statement to where the transaction is. */
export type SendStatement = <T>(name: string, statement: () => Promise<T>) => Promise<T>

/**
 * A transaction as its client has it. Statements that are not awaited one by one still arrive in the order in which they were
 * called: each is sent when the one before has been answered.
 */
export function remoteTransaction(inner: Transaction, send: SendStatement): Transaction {
  let last: Promise<unknown> = Promise.resolve()
  const remote =
    <A extends unknown[], R>(name: string, statement: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      const answer = last.then(() => send(name, () => statement(...args)))
      last = answer.catch(() => undefined)
      return answer
    }
  return {
    getMany: remote('getMany', inner.getMany.bind(inner)),
    range: remote('range', inner.range.bind(inner)),
    upsertMany: remote('upsertMany', inner.upsertMany.bind(inner)),
    insertMissing: remote('insertMissing', inner.insertMissing.bind(inner)),
    deleteMany: remote('deleteMany', inner.deleteMany.bind(inner)),
    deleteRange: remote('deleteRange', inner.deleteRange.bind(inner)),
    updateWhere: remote('updateWhere', inner.updateWhere.bind(inner)),
    renameTable: remote('renameTable', inner.renameTable.bind(inner)),
  }
}
