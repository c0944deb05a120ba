import { contest } from '../measure/contest.mjs'
import { produceKeys } from '../measure/work.mjs'
import { oneThread } from '../sides/one-thread.mjs'

const TEN_MINUTES_MS = 600_000
const KEYS = 10_000

/**
 * Counting by key and minute, beside Kafka Streams.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchWindowed(lab, settings) {
  const { records } = settings
  const data = { records, distinct: KEYS, valueBytes: 20, spanMs: TEN_MINUTES_MS }
  const work = await produceKeys(lab, data, 'FollowGroups')
  /** @type {import('../sides/sides.mjs').Program} */
  const program = { topology: 'windowed', javaClass: 'WindowedCount' }
  return contest(lab, oneThread(settings), 'windowed', { program, work })
}
