import type { TransactionOptions } from '../database/transaction.ts'

/** Time bounds of the transactions that hold claim rows. */
export interface CommitBounds {
  readonly commit: TransactionOptions
  readonly claim: TransactionOptions
}

/** A claim waits this long for a row that a frozen or slow owner holds, then tries again. */
const CLAIM_LOCK_TIMEOUT_MS = 1_000

/**
 * Bounds that follow from the group's session timeout: a process that freezes between fence and COMMIT must not hold the
 * row longer than half of it, or its successor would wait for a dead man.
 */
export function commitBounds(sessionTimeoutMs: number): CommitBounds {
  const idleTimeoutMs = Math.max(250, Math.floor(sessionTimeoutMs / 2))
  return {
    commit: { idleTimeoutMs, statementTimeoutMs: Math.max(30_000, sessionTimeoutMs) },
    claim: { idleTimeoutMs, statementTimeoutMs: 30_000, lockTimeoutMs: CLAIM_LOCK_TIMEOUT_MS },
  }
}
