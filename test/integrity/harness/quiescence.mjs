/** @typedef {import('./run.mjs').Run} Run */

/** Twice as long as a takeover under load, with a retry of everything. A guess. */
const QUIET_WITHIN_MS = 60_000

/**
 * Waits until everything that was fed is counted and published: the table's sum is that of the input (or beyond it, which
 * the comparison explains), every input partition is read to its end, and no outbox row is left.
 *
 * @param {Run} run
 */
export async function untilQuiet({ application, feeder, fleet }) {
  const { tables, input } = application
  const ends = await application.inputEnds()
  const missing = async () => {
    const offsets = await tables.offsets(input)
    const behind = [...ends].filter(([partition, end]) => (offsets.get(partition) ?? 0n) < end)
    const lines = behind.reduce(
      (sum, [partition, end]) => sum + end - (offsets.get(partition) ?? 0n),
      0n,
    )
    const words = feeder.words - (await tables.words())
    const outbox = await tables.outboxRows()
    const isQuiet = lines === 0n && words <= 0 && outbox === 0
    return isQuiet
      ? undefined
      : `${lines} lines unread, ${words} words uncounted, ${outbox} outbox rows`
  }
  let last = ''
  try {
    await fleet.until('quiet', QUIET_WITHIN_MS, async () => {
      last = (await missing()) ?? ''
      return last === ''
    })
  } catch (error) {
    throw new Error(`not quiet after ${QUIET_WITHIN_MS} ms: ${last}`, { cause: error })
  }
}
