import type { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** What is asked of a group by the consumer protocol. */
export interface ConsumerGroupDescription {
  readonly errorCode: number
  /** Of each member; as in a heartbeat, `LEAVE_EPOCH.forAWhile` for a static one that is away. */
  readonly memberEpochs: readonly number[]
}

/** ConsumerGroupDescribe of one group, version 0, that of Kafka 4.0 (KIP-848). */
export function consumerGroupDescribeRequest(
  groupId: string,
): WireRequest<ConsumerGroupDescription> {
  return {
    apiKey: 69,
    apiVersion: 0,
    apiName: 'ConsumerGroupDescribe',
    encode: () => {
      const writer = new ByteWriter().noTags()
      return writer
        .compactArray([groupId], (id) => writer.compactString(id))
        .int8(0)
        .noTags()
    },
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      const [group] = reader.compactArray(() => readGroup(reader))
      return { throttleMs, value: group! }
    },
  }
}

function readGroup(reader: ByteReader): ConsumerGroupDescription {
  const errorCode = reader.int16()
  // Message, group id and state.
  for (let text = 0; text < 3; text++) reader.compactString()
  // Epochs of the group and of its assignment.
  reader.raw(8)
  reader.compactString()
  const memberEpochs = reader.compactArray(() => readMemberEpoch(reader))
  reader.int32()
  reader.skipTags()
  return { errorCode, memberEpochs }
}

function readMemberEpoch(reader: ByteReader): number {
  // Member id, instance id and rack.
  for (let text = 0; text < 3; text++) reader.compactString()
  const memberEpoch = reader.int32()
  // Client id and host, topics and pattern.
  for (let text = 0; text < 2; text++) reader.compactString()
  reader.compactArray(() => reader.compactString())
  reader.compactString()
  // What it has, and what it is to have.
  for (let assignment = 0; assignment < 2; assignment++) skipAssignment(reader)
  reader.skipTags()
  return memberEpoch
}

function skipAssignment(reader: ByteReader): void {
  reader.compactArray(() => {
    reader.raw(16)
    reader.compactString()
    reader.compactArray(() => reader.int32())
    reader.skipTags()
  })
  reader.skipTags()
}
