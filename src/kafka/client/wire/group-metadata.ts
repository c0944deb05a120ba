import type { TopicPartition } from '../../../model/topic-partition.ts'
import { groupBy } from '../../../model/group-by.ts'
import type { MemberAssignment } from '../../group-assignor.ts'
import { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'

/** Version of the consumer protocol's two structures, as in the Java client's `ConsumerProtocol`. */
const VERSION = 0

/** What a member tells the leader: its topics and its user data. */
export function encodeSubscription(topics: readonly string[], userData: Uint8Array): Buffer {
  const writer = new ByteWriter().int16(VERSION)
  writer.array(topics, (topic) => writer.string(topic))
  return writer.int32(userData.length).raw(userData).bytes()
}

/** The user data in what a member told the leader. */
export function decodeUserData(subscription: Buffer): Uint8Array {
  const reader = new ByteReader(subscription, 2)
  reader.array(() => reader.string())
  return reader.bytes()
}

/** What the leader tells a member: its partitions, and what there is beside. */
export function encodeAssignment({
  partitions,
  userData = new Uint8Array(),
}: MemberAssignment): Buffer {
  const topics = groupBy(partitions, ({ topic }) => topic)
  const writer = new ByteWriter().int16(VERSION)
  writer.array([...topics], ([topic, ofTopic]) => {
    writer.string(topic).array(ofTopic, ({ partition }) => writer.int32(partition))
  })
  return writer.int32(userData.length).raw(userData).bytes()
}

/** What the leader told; nothing from an empty answer, which a member that the leader forgot gets. */
export function decodeAssignment(assignment: Buffer): Required<MemberAssignment> {
  if (assignment.length < 2) return { partitions: [], userData: new Uint8Array() }
  const reader = new ByteReader(assignment, 2)
  const topics = reader.array(() => {
    const topic = reader.string()
    return reader.array((): TopicPartition => ({ topic, partition: reader.int32() }))
  })
  return { partitions: topics.flat(), userData: reader.bytes() }
}
