/**
 * When, where and of what: what figures depend on.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 * @param {Pick<import('./work.mjs').Work, 'data' | 'partitions'>} [work]
 */
export function describeRun({ machine }, { rounds, streamsOptions }, work) {
  return {
    at: new Date().toISOString(),
    machine,
    ...(work && { data: { ...work.data, partitions: work.partitions } }),
    run: { rounds, streamsOptions },
  }
}
