/** @typedef {import('rowstream').TestPoint | 'ranges'} TestPoint Those of the package, and one of `held-kafka`. */

/** How often commits are told at most: they come a hundred times a second. */
const TELL_EVERY_MS = 50

/**
 * The worker's {@link import('rowstream').TestSignals}: tells when something was committed, and stops at an armed point
 * until it is told to go on.
 */
export class TestPoints {
  #tellCommit
  #tellReached
  #withOutbox
  #fencedAt = 0
  #toldAt = 0
  /** @type {TestPoint | undefined} */
  #armed
  /** @type {(() => void) | undefined} */
  #goOn

  /**
   * @param {object} options
   * @param {(at: number) => void} options.tellCommit
   * @param {(point: TestPoint) => void} options.tellReached
   * @param {boolean} options.withOutbox Without, nothing passes `committed`: then the next fence tells of the commit before.
   */
  constructor({ tellCommit, tellReached, withOutbox }) {
    this.#tellCommit = tellCommit
    this.#tellReached = tellReached
    this.#withOutbox = withOutbox
  }

  /** @param {TestPoint} point The next time it is reached, it holds. */
  arm(point) {
    this.#armed = point
  }

  goOn() {
    this.#armed = undefined
    this.#goOn?.()
    this.#goOn = undefined
  }

  /** @param {TestPoint} point @returns {Promise<void>} */
  async reached(point) {
    if (point === 'committed' && this.#withOutbox) this.#committed(Date.now())
    if (point === 'fenced' && !this.#withOutbox) this.#nextFence()
    if (point !== this.#armed) return
    this.#armed = undefined
    const held = new Promise((resolve) => (this.#goOn = () => resolve(undefined)))
    this.#tellReached(point)
    await held
  }

  #nextFence() {
    if (this.#fencedAt > 0) this.#committed(this.#fencedAt)
    this.#fencedAt = Date.now()
  }

  /** @param {number} at */
  #committed(at) {
    if (at - this.#toldAt < TELL_EVERY_MS) return
    this.#toldAt = at
    this.#tellCommit(at)
  }
}
