/** @throws TypeError unless it is a whole number of milliseconds, and no less than `min`. */
export function checkDuration(name: string, ms: number, min = 0): void {
  if (Number.isSafeInteger(ms) && ms >= min) return
  throw new TypeError(
    `${name} has to be a whole number of milliseconds, ${min} at least, not ${ms}`,
  )
}
