import { contest } from '../measure/contest.mjs'
import { produceKeys } from '../measure/work.mjs'
import { oneThread } from '../sides/one-thread.mjs'

const VALUE_BYTES = 20

/**
 * Counting keyed records straight from their topic, beside Kafka Streams: there is no repartition.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchKeyed(lab, settings) {
  const { records, distinct } = settings
  const data = { records, distinct, valueBytes: VALUE_BYTES }
  const work = await produceKeys(lab, data, 'FollowCounts')
  /** @type {import('../sides/sides.mjs').Program} */
  const program = { topology: 'keyed', javaClass: 'KeyCount' }
  return contest(lab, oneThread(settings), 'keyed', { program, work })
}
