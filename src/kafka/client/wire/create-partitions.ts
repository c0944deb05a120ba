import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { TopicSize } from '../../topics-and-offsets.ts'
import type { WireRequest } from './wire-request.ts'

/** What became of one topic. */
export interface GrownTopic {
  readonly topic: string
  readonly errorCode: number
  readonly message: string | undefined
}

/** CreatePartitions, version 2, the first flexible one; to the controller. Where new partitions lie is the broker's business. */
export function createPartitionsRequest(
  topics: readonly TopicSize[],
  timeoutMs: number,
): WireRequest<readonly GrownTopic[]> {
  return {
    apiKey: 37,
    apiVersion: 2,
    apiName: 'CreatePartitions',
    timeoutMs,
    encode: () => {
      const writer = new ByteWriter().noTags()
      writer.compactArray(topics, ({ topic, partitions }) => {
        writer.compactString(topic).int32(partitions).unsignedVarint(NO_ASSIGNMENTS).noTags()
      })
      return writer.int32(timeoutMs).int8(0).noTags()
    },
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      const value = reader.compactArray(() => {
        const [topic, errorCode] = [reader.compactString(), reader.int16()]
        const message = reader.compactString() || undefined
        reader.skipTags()
        return { topic, errorCode, message }
      })
      return { throttleMs, value }
    },
  }
}

/** The length of a list that is null. */
const NO_ASSIGNMENTS = 0
