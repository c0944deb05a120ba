import type { Session } from './session.ts'
import type { SessionPool } from './session-pool.ts'

/**
 * One session for all reads that begin in the same turn of the event loop, one behind the other: the reads of an instance's tasks
 * cost one system call, and not a connection each.
 */
export class SharedSession {
  readonly #pool: SessionPool
  #current: JoinedSession | undefined

  constructor(pool: SessionPool) {
    this.#pool = pool
  }

  /** As {@link SessionPool.use}, for work that takes nothing for itself: no transaction, no setting. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const current = (this.#current ??= this.#begin())
    current.users++
    const session = await current.session
    try {
      return await work(session)
    } catch (error) {
      throw session.lost ? this.#pool.unreachable(error) : error
    } finally {
      if (--current.users === 0) {
        this.#forget(current)
        session.release()
      }
    }
  }

  #begin(): JoinedSession {
    const begun = { session: this.#pool.acquire(), users: 0 }
    setImmediate(() => this.#forget(begun))
    return begun
  }

  /** Nobody joins any more. */
  #forget(session: JoinedSession): void {
    if (this.#current === session) this.#current = undefined
  }
}

interface JoinedSession {
  readonly session: Promise<Session>
  users: number
}
