/** Turns of the event loop until a test gives up: far more than anything in memory needs that waits for no timer. */
const TURNS_MAX = 20_000
/** What waits for a timer has this long, however fast the loop turns. */
const PATIENCE_MS = 4_000
/** The real clock, whatever a test does to the global one. */
const clock = performance.now.bind(performance)

/** Lets everything that is ready have its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Lets the event loop turn that often: for showing that something does not happen. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

/** Turns the event loop until the condition holds; fails with what it is about when it never does. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  turnsMax = TURNS_MAX,
): Promise<void> {
  const startedAt = clock()
  const isPatient = turnsMax === TURNS_MAX
  for (let i = 0; i < turnsMax || (isPatient && clock() - startedAt < PATIENCE_MS); i++) {
    if (await condition()) return
    await turn()
  }
  throw new TypeError(`never happened: ${what}`)
}
