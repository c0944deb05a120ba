import { randomBytes } from 'node:crypto'
import { StreamsError } from '../errors/streams-error.ts'
import { UnexpectedError } from '../errors/unexpected-error.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { OutgoingRecord } from '../model/record.ts'

/** Records that the broker takes, in order, and those that it does not. */
export interface SortedRecords {
  readonly accepted: readonly OutgoingRecord[]
  readonly refused: readonly OutgoingRecord[]
}

/**
 * Finds the records that the broker refuses, by halves, in transactions that are never committed.
 *
 * A batch that is durable in the outbox has to be published; what the broker refuses (a timestamp beyond a topic's limit, a
 * value beyond its size) would hold up everything behind it for ever.
 */
export async function isolateRefused(
  kafka: Kafka,
  records: readonly OutgoingRecord[],
): Promise<SortedRecords> {
  if (records.length === 0 || (await isAccepted(kafka, records)))
    return { accepted: records, refused: [] }
  if (records.length === 1) return { accepted: [], refused: records }
  const middle = records.length >> 1
  const first = await isolateRefused(kafka, records.slice(0, middle))
  const second = await isolateRefused(kafka, records.slice(middle))
  return {
    accepted: [...first.accepted, ...second.accepted],
    refused: [...first.refused, ...second.refused],
  }
}

/** Sends under an id of its own and gives the transaction up before its end; fencing the id aborts it at once. */
async function isAccepted(kafka: Kafka, records: readonly OutgoingRecord[]): Promise<boolean> {
  const producer = await kafka.transactionalProducer(`probe-${randomBytes(8).toString('hex')}`)
  let accepted = false
  const beforeEnd = () => {
    accepted = true
    return Promise.reject(new UnexpectedError('a probe is never committed'))
  }
  try {
    await producer.transact({ records, groupId: '', offsets: [], beforeEnd })
  } catch (error) {
    if (!accepted && !isRefusal(error)) throw error
  } finally {
    await producer.close()
    await kafka.fence(producer.transactionalId)
  }
  return accepted
}

/** Whether the broker refused records, rather than failed for another reason. */
export function isRefusal(error: unknown): error is StreamsError {
  return StreamsError.is(error) && error.code === 'PRODUCTION_REFUSED'
}
