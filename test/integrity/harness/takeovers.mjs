import { until } from './until.mjs'

/** @typedef {import('./state-tables.mjs').StateTables} StateTables */

/** Nothing may stand still for longer, whatever happens to its owners. */
const STANDSTILL_MAX_MS = 45_000

/** Measures how long tasks stand still after their owner was taken away: until another claim of them has committed. */
export class Takeovers {
  #tables
  /** @type {Promise<void>[]} */
  #pending = []
  /** In milliseconds. @type {number[]} */
  times = []

  /** @param {StateTables} tables */
  constructor(tables) {
    this.#tables = tables
  }

  /** Starts a measurement, at the moment the owner is taken away. @param {readonly string[]} tasks */
  expect(tasks) {
    if (tasks.length > 0) this.#pending.push(this.#measure(tasks, performance.now()))
    // Who never asks must not be struck by its rejection.
    this.#pending.at(-1)?.catch(() => undefined)
  }

  /** Resolves when all that was expected has happened. */
  async settled() {
    await Promise.all(this.#pending)
  }

  /** @param {readonly string[]} tasks @param {number} startedAt */
  async #measure(tasks, startedAt) {
    const before = await this.#rows()
    const what = `tasks ${tasks.join(', ')} are claimed anew and commit`
    await until(what, STANDSTILL_MAX_MS, async () => {
      const now = await this.#rows()
      return tasks.every((task) => hasMoved(before.get(task), now.get(task)))
    })
    this.times.push(Math.round(performance.now() - startedAt))
  }

  async #rows() {
    return new Map((await this.#tables.tasks()).map((row) => [row.task, row]))
  }
}

/**
 * @param {import('./state-tables.mjs').TaskRow | undefined} before
 * @param {import('./state-tables.mjs').TaskRow | undefined} now
 */
function hasMoved(before, now) {
  if (!before || !now) return false
  return now.epoch > before.epoch && now.progress !== before.progress
}
