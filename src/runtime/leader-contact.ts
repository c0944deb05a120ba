import type { LeaderWord } from '../rebalance/leader-word.ts'

/** What comes of a word: see {@link LeaderContact.hear}. */
export type Heard =
  | { readonly kind: 'assigned'; readonly instances: readonly string[] | undefined }
  | { readonly kind: 'unsure' }
  | { readonly kind: 'refused'; readonly difference: string }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'answered' }

/** What a member and the leader of its group say to each other, beside which tasks there are. */
export class LeaderContact {
  readonly #plan: string
  /** Aborts when the leader has told all to stop; there when this member asks for it. */
  #stopHeard: AbortController | undefined
  /** A static member may at first be told what was meant for the one whose place it takes. */
  #mayBeMistaken: boolean
  #isUnsure = false

  /**
   * @param plan By `planDigest`: what the tasks of this member were made by.
   * @param isStatic Whether it keeps its place in the group over a restart.
   */
  constructor(plan: string, isStatic: boolean) {
    this.#plan = plan
    this.#mayBeMistaken = isStatic
  }

  /** Whether this member asks that all stop. */
  get mustStop(): boolean {
    return this.#stopHeard !== undefined
  }

  /** Whether this member wants to be looked at again, whatever it says. */
  get isUnsure(): boolean {
    return this.#isUnsure
  }

  /** From the next join on this member asks that all stop; the answer aborts when the leader has told them. */
  askToStop(): AbortSignal {
    this.#stopHeard = new AbortController()
    return this.#stopHeard.signal
  }

  /**
   * What a word means for this member: it has its tasks (`assigned`), has to ask again because the word may have been meant for another
   * (`unsure`), gets none because its topology differs (`refused`) or its state is in another database (`elsewhere`), is to stop (`stopped`), or has what it has asked for (`answered`).
   */
  hear(word: LeaderWord): Heard {
    this.#isUnsure = this.#mayBeMistaken && !this.#isMeantFor(word)
    this.#mayBeMistaken = false
    if (this.#isUnsure) return { kind: 'unsure' }
    if (word.elsewhere) return { kind: 'elsewhere' }
    if (word.refused !== undefined) return { kind: 'refused', difference: word.refused }
    if (!word.stop) return { kind: 'assigned', instances: word.instances }
    if (this.#stopHeard === undefined) return { kind: 'stopped' }
    this.#stopHeard.abort()
    return { kind: 'answered' }
  }

  /** Whether what a static member is told first was said to it, and not to the one whose place it takes. */
  #isMeantFor({ refused, elsewhere = false, stop = false, plan }: LeaderWord): boolean {
    if (refused !== undefined || elsewhere || stop) return false
    return plan === undefined || plan === this.#plan
  }
}
