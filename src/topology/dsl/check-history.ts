/** @throws TypeError when the history of a versioned store is no whole number of milliseconds. */
export function checkHistory(store: string, historyRetentionMs: number): void {
  if (Number.isSafeInteger(historyRetentionMs) && historyRetentionMs >= 0) return
  throw new TypeError(
    `historyRetentionMs of ${store} has to be whole milliseconds, not ${historyRetentionMs}`,
  )
}
