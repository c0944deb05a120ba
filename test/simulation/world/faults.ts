import type { Random } from '../../support/random.ts'

/**
 * What becomes of a call to the world outside.
 *
 * `lost-request`: nothing happens, the caller hears that it failed · `lost-answer`: it happens, the caller hears that it failed ·
 * `crash-before`, `crash-after`: the caller is gone before, or when, it happens · `freeze`: the caller stops for a while, the call
 * goes its way · `slow`: it takes its time · `twice`: it arrives twice.
 */
export type Fate =
  | 'ordinary'
  | 'lost-request'
  | 'lost-answer'
  | 'crash-before'
  | 'crash-after'
  | 'freeze'
  | 'slow'
  | 'twice'

const FATES: readonly Fate[] = [
  ...(['lost-request', 'lost-request', 'lost-answer', 'lost-answer'] as const),
  ...(['crash-before', 'crash-after', 'freeze', 'slow', 'twice'] as const),
]

/** How bad a world is. */
export interface FaultOptions {
  /** The part of calls that something happens to. */
  readonly rate: number
  /** To how many of them in all. */
  readonly most: number
  /** How long an ordinary call takes in one direction, about. */
  readonly latencyMs: number
}

/** Draws the fate of every call, while the bad time lasts. */
export class Faults {
  readonly #random: Random
  readonly #options: FaultOptions
  #left: number
  #isOver = false

  constructor(random: Random, options: FaultOptions) {
    this.#random = random
    this.#options = options
    this.#left = options.most
  }

  /** From now on everything goes well. */
  end(): void {
    this.#isOver = true
  }

  get isBad(): boolean {
    return !this.#isOver
  }

  next(): Fate {
    if (this.#isOver || this.#left === 0 || this.#random() >= this.#options.rate) return 'ordinary'
    this.#left--
    return FATES[Math.floor(this.#random() * FATES.length)]!
  }

  /** How long a call is under way in one direction, milliseconds. */
  delay(): number {
    return this.#options.latencyMs * (0.05 + this.#random() ** 4 * 3)
  }

  /** How long what is said on a connection is held up beside that: mostly not at all. */
  holdUp(): number {
    const isHeldUp = !this.#isOver && this.#random() < this.#options.rate
    return isHeldUp ? this.longDelay() : 0
  }

  /** How long something slow takes. */
  longDelay(): number {
    return 20 + this.#random() * 1_500
  }

  /** How long a frozen process stays so: half of them outlive their session. */
  pause(sessionTimeoutMs: number): number {
    return this.#random() * sessionTimeoutMs * 2
  }
}
