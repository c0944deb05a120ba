/** @typedef {import('./test-points.mjs').TestPoints} TestPoints */

/**
 * An adapter whose clients pass the point `ranges` when they have read the ends of logs: in a takeover that is after the
 * relay's progress was read, and before offsets and outbox are.
 *
 * @param {import('rowstream').KafkaAdapter} adapter
 * @param {TestPoints} points
 * @returns {import('rowstream').KafkaAdapter}
 */
export function withHeldRanges(adapter, points) {
  return {
    name: adapter.name,
    open: async (options) => {
      const kafka = await adapter.open(options)
      /** @type {typeof kafka.logRanges} */
      const logRanges = async (partitions) => {
        const ranges = await kafka.logRanges(partitions)
        await points.reached('ranges')
        return ranges
      }
      return new Proxy(kafka, {
        get: (target, name) => {
          if (name === 'logRanges') return logRanges
          const member = /** @type {unknown} */ (Reflect.get(target, name))
          return typeof member === 'function'
            ? /** @type {unknown} */ (member.bind(target))
            : member
        },
      })
    },
  }
}
