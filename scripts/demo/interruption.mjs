/** @type {readonly (readonly [NodeJS.Signals, number])[]} */
const signals = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
]

/**
 * Turns the first signal into an abort, so that the application is closed before the servers under it are stopped. The exit
 * code is the signal's. A second signal does not wait.
 *
 * @returns {AbortSignal}
 */
export function listenForInterruption() {
  const controller = new AbortController()
  for (const [signal, number] of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(128 + number)
      process.exitCode = 128 + number
      controller.abort(`interrupted by ${signal}`)
    })
  }
  return controller.signal
}
