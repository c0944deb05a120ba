import { setTimeout as sleep } from 'node:timers/promises'

const DEADLINE_MS = 20_000
const INTERVAL_MS = 5

/** Waits until a condition holds; fails with what it is about, as it is then, when it does not in time. */
export async function eventually(
  what: string | (() => string),
  condition: () => boolean,
): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!condition()) {
    if (performance.now() > deadline)
      throw new TypeError(`not in time: ${typeof what === 'string' ? what : what()}`)
    await sleep(INTERVAL_MS)
  }
}
