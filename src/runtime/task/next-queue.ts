import { StreamsError } from '../../errors/streams-error.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { QueuedRecord } from './queued-record.ts'

/**
 * The queue whose head has the lowest timestamp. As in Kafka Streams with `max.task.idle.ms` 0, a task with several
 * partitions waits while one of them is empty here and known to have more.
 */
export function nextQueue(queues: readonly PartitionQueue[]): PartitionQueue | undefined {
  if (queues.length === 1) return queues[0]
  let best: PartitionQueue | undefined
  for (const queue of queues) {
    const head = queue.peek()
    if (!head && (queue.length > 0 || queue.isLagging)) return undefined
    if (head && (!best || timestampOf(head) < timestampOf(best.peek()!))) best = queue
  }
  return best
}

/** A record that cannot be read comes at once: it has no time. */
function timestampOf({ record }: QueuedRecord): number {
  return StreamsError.is(record) ? -1 : record.timestamp
}
