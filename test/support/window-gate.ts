import type { Member } from './application-world.ts'
import { deferred } from './deferred.ts'
import { until } from './turns.ts'

/** Holds a member's processing before it reads the rows of a window of records; a test lets the windows go one by one. */
export class WindowGate {
  readonly #member: Member
  #open = deferred()

  constructor(member: Member) {
    this.#member = member
    member.database.readsWaitFor = this.#open.promise
  }

  /** Lets the window go that waits, and waits for the next one. */
  async pass(): Promise<void> {
    const { database } = this.#member
    const [before, open] = [database.readsBegun, this.#open]
    this.#open = deferred()
    database.readsWaitFor = this.#open.promise
    open.resolve()
    await until('the next window', () => database.readsBegun > before)
  }

  letAllGo(): void {
    this.#member.database.readsWaitFor = undefined
    this.#open.resolve()
  }
}
