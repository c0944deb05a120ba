import { contest } from '../measure/contest.mjs'
import { produceTwo } from '../measure/work.mjs'
import { oneThread } from '../sides/one-thread.mjs'

const TEN_MINUTES_MS = 600_000
const ROWS = 100_000

/**
 * Joining a stream with a table, beside Kafka Streams.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {import('../arguments.mjs').Settings} settings
 */
export async function benchTableJoin(lab, settings) {
  const rows = Math.min(ROWS, settings.records)
  const common = { distinct: rows, valueBytes: 20 }
  const first = { ...common, records: settings.records, spanMs: TEN_MINUTES_MS }
  // All rows are older than every record.
  const second = { ...common, records: rows, spanMs: 0 }
  const work = await produceTwo(lab, { first, second }, 'FollowRecords')
  /** @type {import('../sides/sides.mjs').Program} */
  const program = { topology: 'tablejoin', javaClass: 'TableJoin' }
  return contest(lab, oneThread(settings), 'tablejoin', { program, work })
}
