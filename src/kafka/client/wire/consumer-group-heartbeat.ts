import type { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** Everything that a member says of itself; said each time, so that no answer that was lost has to be remembered. */
export interface ConsumerGroupHeartbeat {
  readonly groupId: string
  readonly memberId: string
  /** 0 to join, or one of {@link LEAVE_EPOCH}. */
  readonly memberEpoch: number
  readonly groupInstanceId: string | null
  /** How long the coordinator waits for a member to give up what it is to give up. */
  readonly rebalanceTimeoutMs: number
  readonly topics: readonly string[]
  readonly serverAssignor: string
  readonly owned: readonly TopicIdPartitions[]
}

/** Partitions of one topic, by its id of 32 hexadecimal digits. */
export interface TopicIdPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

/** What the coordinator answers. */
export interface ConsumerGroupHeartbeatAnswer {
  readonly errorCode: number
  readonly errorMessage: string
  readonly memberEpoch: number
  readonly heartbeatIntervalMs: number
  /** What the member is to have now; `undefined` where nothing is said of it. */
  readonly assignment: readonly TopicIdPartitions[] | undefined
}

/** Epochs by which a member leaves: for good, or as a static one that will be back. */
export const LEAVE_EPOCH = { forGood: -1, forAWhile: -2 } as const

export const CONSUMER_GROUP_HEARTBEAT = 68
export const CONSUMER_GROUP_HEARTBEAT_VERSION = 1

/** ConsumerGroupHeartbeat, version 1, that of Kafka 4.0 (KIP-848, KIP-1082). @platformatic/kafka has it in an incompatible shape in each major. */
export function consumerGroupHeartbeatRequest(
  options: ConsumerGroupHeartbeat,
): WireRequest<ConsumerGroupHeartbeatAnswer> {
  return {
    apiKey: CONSUMER_GROUP_HEARTBEAT,
    apiVersion: CONSUMER_GROUP_HEARTBEAT_VERSION,
    apiName: 'ConsumerGroupHeartbeat',
    encode: () => encode(options),
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      const [errorCode, errorMessage] = [reader.int16(), reader.compactString()]
      reader.compactString()
      const [memberEpoch, heartbeatIntervalMs] = [reader.int32(), reader.int32()]
      const assignment = reader.int8() < 0 ? undefined : readPartitions(reader)
      return {
        throttleMs,
        value: { errorCode, errorMessage, memberEpoch, heartbeatIntervalMs, assignment },
      }
    },
  }
}

function encode(options: ConsumerGroupHeartbeat): ByteWriter {
  const writer = new ByteWriter().noTags()
  writer.compactString(options.groupId).compactString(options.memberId).int32(options.memberEpoch)
  writer.compactString(options.groupInstanceId).compactString(NO_RACK)
  writer.int32(options.rebalanceTimeoutMs)
  writer.compactArray(options.topics, (topic) => writer.compactString(topic))
  writer.compactString(NO_PATTERN).compactString(options.serverAssignor)
  writer.compactArray(options.owned, ({ topicId, partitions }) => {
    writer.raw(Buffer.from(topicId, 'hex'))
    writer.compactArray(partitions, (partition) => writer.int32(partition)).noTags()
  })
  return writer.noTags()
}

const NO_RACK = null
const NO_PATTERN = null

function readPartitions(reader: ByteReader): TopicIdPartitions[] {
  return reader.compactArray(() => {
    const topicId = reader.raw(16).toString('hex')
    const partitions = reader.compactArray(() => reader.int32())
    reader.skipTags()
    return { topicId, partitions }
  })
}
