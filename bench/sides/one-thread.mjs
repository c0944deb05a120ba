/**
 * Settings with one side of Kafka Streams at most: a thread with the default commit interval.
 *
 * @param {import('../arguments.mjs').Settings} settings
 * @returns {import('../arguments.mjs').Settings}
 */
export function oneThread(settings) {
  const { threads } = settings
  const defaults = threads.filter(
    (side) => side.threads === 1 && side.commitIntervalMs === undefined,
  )
  return { ...settings, threads: defaults }
}
