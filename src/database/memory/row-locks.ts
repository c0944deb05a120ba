import { TransactionRolledBackError } from '../../errors/database-errors.ts'

/** Who can hold locks; waits for one at a time. */
export interface LockOwner {
  /** What it waits for, while it does. Written by {@link RowLocks}. */
  waitsFor: string | undefined
}

interface Lock {
  owner: LockOwner
  readonly waiting: Waiter[]
}

interface Waiter {
  readonly owner: LockOwner
  wake(): void
}

/** Exclusive locks on keys, given in the order asked for and held to the end of the transaction. */
export class RowLocks {
  readonly #locks = new Map<string, Lock>()

  /**
   * Takes the lock at once and answers nothing, or answers a promise of it.
   * @throws TransactionRolledBackError `TRANSACTION_ROLLED_BACK`: a deadlock, or `timeoutMs` is over
   */
  acquire(owner: LockOwner, key: string, timeoutMs?: number): Promise<void> | undefined {
    const lock = this.#locks.get(key)
    if (!lock) this.#locks.set(key, { owner, waiting: [] })
    if (!lock || lock.owner === owner) return undefined
    return this.#wait(lock, owner, key, timeoutMs)
  }

  /** Gives up everything the owner holds, and its place in a queue. */
  releaseAll(owner: LockOwner): void {
    for (const [key, lock] of this.#locks) {
      const at = lock.waiting.findIndex((waiter) => waiter.owner === owner)
      if (at >= 0) lock.waiting.splice(at, 1)
      if (lock.owner === owner) this.#pass(key, lock)
    }
  }

  #pass(key: string, lock: Lock): void {
    const next = lock.waiting.shift()
    if (!next) {
      this.#locks.delete(key)
      return
    }
    lock.owner = next.owner
    next.wake()
  }

  #wait(lock: Lock, owner: LockOwner, key: string, timeoutMs: number | undefined): Promise<void> {
    if (this.#leadsTo(lock.owner, owner)) throw new TransactionRolledBackError('deadlock detected')
    owner.waitsFor = key
    return new Promise((resolve, reject) => {
      const waiter = { owner, wake: () => settle(resolve) }
      const timer =
        timeoutMs && setTimeout(() => settle(() => reject(timedOut(lock, waiter))), timeoutMs)
      lock.waiting.push(waiter)
      function settle(then: () => void): void {
        if (timer) clearTimeout(timer)
        owner.waitsFor = undefined
        then()
      }
    })
  }

  /** Whether `from` waits, over others or not, for something that `owner` holds. */
  #leadsTo(from: LockOwner, owner: LockOwner): boolean {
    if (from === owner) return true
    const next = from.waitsFor === undefined ? undefined : this.#locks.get(from.waitsFor)
    return next !== undefined && this.#leadsTo(next.owner, owner)
  }
}

function timedOut(lock: Lock, waiter: Waiter): TransactionRolledBackError {
  lock.waiting.splice(lock.waiting.indexOf(waiter), 1)
  return new TransactionRolledBackError('canceling statement due to lock timeout')
}
