import { contest } from '../measure/contest.mjs'
import { produceTwo } from '../measure/work.mjs'
import { oneThread } from '../sides/one-thread.mjs'

const TEN_MINUTES_MS = 600_000

/**
 * Joining two streams in a window of five minutes, beside Kafka Streams: each record has one partner, of the same time.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchStreamJoin(lab, settings) {
  const records = Math.ceil(settings.records / 20)
  const side = { records, distinct: records, valueBytes: 20, spanMs: TEN_MINUTES_MS }
  const work = await produceTwo(lab, { first: side, second: side }, 'FollowRecords')
  /** @type {import('../sides/sides.mjs').Program} */
  const program = { topology: 'streamjoin', javaClass: 'StreamJoin' }
  return contest(lab, oneThread(settings), 'streamjoin', { program, work })
}
