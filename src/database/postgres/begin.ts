import type { TransactionOptions } from '../transaction.ts'

/** BEGIN with the bounds of this transaction, in one round trip. */
export function beginText(options: TransactionOptions): string {
  return [
    'begin isolation level read committed',
    ...setLocal('statement_timeout', options.statementTimeoutMs),
    ...setLocal('idle_in_transaction_session_timeout', options.idleTimeoutMs),
    ...setLocal('lock_timeout', options.lockTimeoutMs),
  ].join('; ')
}

/** `set` takes no parameters: only a checked number gets into the text. */
function setLocal(setting: string, ms: number | undefined): string[] {
  if (ms === undefined) return []
  if (!Number.isFinite(ms) || ms < 0)
    throw new TypeError(`${setting}: ${ms} is not a number of milliseconds`)
  return [`set local ${setting} = ${Math.ceil(ms)}`]
}
