import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { GroupOffset } from '../topics-and-offsets.ts'
import { adminRequest } from './admin-request.ts'
import { brokerError, CODE } from './broker-error.ts'
import { GROUP } from './broker.ts'
import type { Brokers } from './brokers.ts'
import { groupBy } from '../../model/group-by.ts'
import { offsetFetchRequest, type CommittedOffset } from './wire/offset-fetch.ts'

/**
 * The stable offsets of a group: while a transaction that holds offsets of it is being decided, the broker is asked again
 * until it is.
 */
export async function groupOffsets(
  brokers: Brokers,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Map<string, GroupOffset>> {
  if (partitions.length === 0) return new Map()
  const topics = new Map(
    [...groupBy(partitions, ({ topic }) => topic)].map(([topic, ofTopic]) => [
      topic,
      ofTopic.map(({ partition }) => partition),
    ]),
  )
  const found = await adminRequest(
    brokers,
    { name: `to fetch the offsets of group ${groupId}` },
    () =>
      brokers.atCoordinator(GROUP, groupId, async (broker) => {
        const { errorCode, partitions: committed } = await broker.send(
          offsetFetchRequest(groupId, topics),
        )
        failIfRefused(errorCode, committed)
        return committed
      }),
  )
  const committed = found.filter(({ offset }) => offset >= 0n)
  return new Map(
    committed.map((entry) => [
      formatTopicPartition(entry),
      { offset: entry.offset, metadata: entry.metadata },
    ]),
  )
}

function failIfRefused(errorCode: number, committed: readonly CommittedOffset[]): void {
  if (errorCode !== 0 && errorCode !== CODE.GROUP_ID_NOT_FOUND) throw brokerError(errorCode)
  const refused = committed.find(
    (entry) => entry.errorCode !== 0 && entry.errorCode !== CODE.UNKNOWN_TOPIC_OR_PARTITION,
  )
  if (refused) throw brokerError(refused.errorCode, formatTopicPartition(refused))
}
