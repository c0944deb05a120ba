import { contest } from '../measure/contest.mjs'
import { produceKeys } from '../measure/work.mjs'

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
  const adapted = { ...settings, threads: oneThread(settings) }
  return contest(lab, adapted, 'keyed', { program, work })
}

/**
 * What it is compared with, unless nothing is.
 *
 * @param {import('../arguments.mjs').Settings} settings
 */
function oneThread({ threads }) {
  return threads.filter((side) => side.threads === 1 && side.commitIntervalMs === undefined)
}
