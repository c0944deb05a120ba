import { setTimeout as delay } from 'node:timers/promises'

/** How often a condition is looked at. */
const POLL_MS = 25

/**
 * Waits until `condition` answers something, and answers that.
 *
 * @template T
 * @param {string} what For the message when it does not come true.
 * @param {number} timeoutMs
 * @param {() => T | Promise<T>} condition
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, timeoutMs, condition) {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const answer = await condition()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await delay(POLL_MS)
  }
}
