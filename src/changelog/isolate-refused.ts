import { randomBytes } from 'node:crypto'
import { StreamsError } from '../errors/streams-error.ts'
import { UnexpectedError } from '../errors/unexpected-error.ts'
import type { Kafka } from '../kafka/kafka.ts'
import { decodeRecords, halveRecords } from '../kafka/record-batch/decode-records.ts'
import { countRecords, type EncodedRecords } from '../kafka/record-batch/encoded-records.ts'
import type { OutgoingRecord } from '../model/record.ts'

/** Records that the broker takes, in order, and those that it does not. */
export interface SortedRecords {
  readonly accepted: readonly EncodedRecords[]
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
  records: readonly EncodedRecords[],
): Promise<SortedRecords> {
  if (records.length === 0 || (await isAccepted(kafka, records)))
    return { accepted: records, refused: [] }
  if (countRecords(records) === 1) return { accepted: [], refused: records.flatMap(decodeRecords) }
  const [firstHalf, secondHalf] = halve(records)
  const first = await isolateRefused(kafka, firstHalf)
  const second = await isolateRefused(kafka, secondHalf)
  return {
    accepted: [...first.accepted, ...second.accepted],
    refused: [...first.refused, ...second.refused],
  }
}

/** Whole batches where there are several, else the records of the one. */
function halve(records: readonly EncodedRecords[]): [EncodedRecords[], EncodedRecords[]] {
  const pieces = records.length > 1 ? records : halveRecords(records[0]!)
  const middle = pieces.length >> 1
  return [pieces.slice(0, middle), pieces.slice(middle)]
}

/** Sends under an id of its own and gives the transaction up before its end; fencing the id aborts it at once. */
async function isAccepted(kafka: Kafka, records: readonly EncodedRecords[]): Promise<boolean> {
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
