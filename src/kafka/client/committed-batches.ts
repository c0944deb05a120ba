import { isAbortMarker, type RecordBatch } from '../record-batch/batch-reader.ts'
import type { AbortedTransaction } from './wire/fetch.ts'

/**
 * The batches whose records may be delivered: no control batches, and none of an aborted transaction.
 *
 * Walks the log as Java's `CompletedFetch` does: the aborted transactions by first offset (brokers send them by last offset),
 * each one open until its producer's abort marker. The filters of kafkajs and
 * @platformatic/kafka do neither, and let aborted records through.
 */
export function committedBatches(
  batches: readonly RecordBatch[],
  abortedTransactions: readonly AbortedTransaction[],
): RecordBatch[] {
  const upcoming = abortedTransactions.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const aborting = new Set<bigint>()
  let next = 0
  const isDelivered = (batch: RecordBatch): boolean => {
    for (; next < upcoming.length && upcoming[next]!.firstOffset < batch.nextOffset; next++) {
      aborting.add(upcoming[next]!.producerId)
    }
    if (batch.isControl && aborting.has(batch.producerId) && isAbortMarker(batch))
      aborting.delete(batch.producerId)
    return !batch.isControl && !(batch.isTransactional && aborting.has(batch.producerId))
  }
  return batches.filter(isDelivered)
}
