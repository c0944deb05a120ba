/**
 * What must not outlive this process: servers and their folders.
 *
 * @typedef {object} Leftover
 * @property {() => Promise<unknown>} stop Stops it in an orderly way.
 * @property {() => void} signalNow Tells it to go, without waiting; called while the process exits.
 * @property {() => void} removeNow Waits for its end and removes what it wrote, synchronously.
 */

/** @type {Set<Leftover>} */
const live = new Set()

/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * Promises that `leftover` ends with this process, however that ends short of SIGKILL.
 *
 * @param {Leftover} leftover
 * @returns {() => void} Takes the promise back, once the leftover has been stopped.
 */
export function guard(leftover) {
  if (live.size === 0) {
    process.on('exit', stopAllNow)
    for (const signal of signals) process.on(signal, stopAllAndExit)
  }
  live.add(leftover)
  return () => {
    if (!live.delete(leftover) || live.size > 0) return
    process.off('exit', stopAllNow)
    for (const signal of signals) process.off(signal, stopAllAndExit)
  }
}

/** @param {NodeJS.Signals} signal @param {number} number */
function stopAllAndExit(signal, number) {
  // A program with a handler of its own is in charge: its exit ends here as well, by `stopAllNow`.
  if (process.listenerCount(signal) > 1) return
  void Promise.allSettled([...live].map((leftover) => leftover.stop())).then(() =>
    process.exit(128 + number),
  )
}

function stopAllNow() {
  for (const leftover of live) leftover.signalNow()
  for (const leftover of live) leftover.removeNow()
}
