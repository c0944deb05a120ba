import type { Transaction } from '../../../src/database/transaction.ts'
import { wrapTransaction } from '../../support/wrap-transaction.ts'

/** Sends a statement to where the transaction is. */
export type SendStatement = <T>(name: string, statement: () => Promise<T>) => Promise<T>

/**
 * A transaction as its client has it. Statements that are not awaited one by one still arrive in the order in which they were
 * called: each is sent when the one before has been answered.
 */
export function remoteTransaction(inner: Transaction, send: SendStatement): Transaction {
  let last: Promise<unknown> = Promise.resolve()
  return wrapTransaction(inner, (method, statement) => (...args) => {
    const answer = last.then(() => send(method, () => statement(...args)))
    last = answer.catch(() => undefined)
    return answer
  })
}
