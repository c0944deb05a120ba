import { TransactionRolledBackError } from '../../errors/database-errors.ts'

/** A statement that was prepared, to be run in its turn. */
export type PreparedStatement<T> = () => T | Promise<T>

/**
 * Runs the statements of one transaction one after the other, in the order they were called. The first failure decides:
 * every later statement fails with that same error.
 */
export class StatementQueue {
  readonly #idleTimeoutMs: number | undefined
  readonly #onIdle: () => void
  #last: Promise<unknown> = Promise.resolve()
  #idleTimer: NodeJS.Timeout | undefined
  /** Written by whichever statement fails first, or by the idle timer. */
  #failure: Error | undefined
  #isOver = false

  constructor(idleTimeoutMs: number | undefined, onIdle: () => void) {
    this.#idleTimeoutMs = idleTimeoutMs
    this.#onIdle = onIdle
    this.#startIdleTimer()
  }

  /** Calls `prepare` at once, so that what the caller changes afterwards is not seen; what that answers, in its turn. */
  async run<T>(prepare: () => PreparedStatement<T>): Promise<T> {
    if (this.#isOver) throw new TypeError('the transaction is over')
    const statement = prepared(prepare)
    const answer = this.#last.then(() => this.#attempt(statement))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  /** Waits for what was called, takes no more, and throws the first failure. */
  async end(): Promise<void> {
    await this.#last
    this.#isOver = true
    clearTimeout(this.#idleTimer)
    if (this.#failure) throw this.#failure
  }

  async #attempt<T>(statement: PreparedStatement<T>): Promise<T> {
    clearTimeout(this.#idleTimer)
    try {
      if (this.#failure) throw this.#failure
      return await statement()
    } catch (error) {
      this.#failure ??= error as Error
      throw this.#failure
    } finally {
      this.#startIdleTimer()
    }
  }

  #startIdleTimer(): void {
    if (!this.#idleTimeoutMs || this.#failure) return
    this.#idleTimer = setTimeout(() => {
      this.#failure ??= new TransactionRolledBackError('idle in transaction for too long')
      this.#onIdle()
    }, this.#idleTimeoutMs)
  }
}

/** A failure while preparing takes its turn as well: an earlier statement may still fail first. */
function prepared<T>(prepare: () => PreparedStatement<T>): PreparedStatement<T> {
  try {
    return prepare()
  } catch (error) {
    return () => {
      throw error
    }
  }
}
