import type { MaybePromise } from '../../model/maybe-promise.ts'
import { isPromise } from '../../model/is-promise.ts'

/**
 * Records that a user's function forwards, one behind the other, whether it waits for them or not. What throws below is none of the
 * function's errors, even when it comes through it.
 */
export class ForwardQueue {
  #last: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  /** Forwards a record, or has it forwarded when those before it are. */
  add(forward: () => MaybePromise): MaybePromise {
    if (this.#last) return (this.#last = this.#behind(this.#last, forward))
    let pending: MaybePromise
    try {
      pending = forward()
    } catch (error) {
      throw this.#failed(error)
    }
    return isPromise(pending) ? (this.#last = this.#noting(pending)) : undefined
  }

  /** Whether something is under way, or has thrown. */
  get isOpen(): boolean {
    return this.#last !== undefined || this.#failure !== undefined
  }

  /** Resolves when all is forwarded. @throws what was thrown below. */
  async drained(): Promise<void> {
    while (this.#last) {
      const last = this.#last
      await last.catch(() => undefined)
      if (this.#last === last) this.#last = undefined
    }
    const failure = this.#failure
    this.#failure = undefined
    if (failure) throw failure.error
  }

  async #behind(last: Promise<void>, forward: () => MaybePromise): Promise<void> {
    await last
    await this.#noting(forward())
  }

  async #noting(pending: MaybePromise): Promise<void> {
    try {
      await pending
    } catch (error) {
      throw this.#failed(error)
    }
  }

  #failed(error: unknown): unknown {
    this.#failure ??= { error }
    return error
  }
}
