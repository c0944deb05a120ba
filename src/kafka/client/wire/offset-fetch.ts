import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** Committed offsets of a group; an offset of −1 where there is none. */
export interface CommittedOffsets {
  readonly errorCode: number
  readonly partitions: readonly CommittedOffset[]
}

export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly metadata: string
  readonly errorCode: number
}

/**
 * OffsetFetch, version 7, the first with RequireStable (KIP-447): offsets of a transaction that is not decided yet are
 * answered by UNSTABLE_OFFSET_COMMIT instead of by the offsets before it. kafkajs ends at version 4.
 */
export function offsetFetchRequest(
  groupId: string,
  topics: ReadonlyMap<string, readonly number[]>,
): WireRequest<CommittedOffsets> {
  return {
    apiKey: 9,
    apiVersion: 7,
    apiName: 'OffsetFetch',
    encode: () => {
      const writer = new ByteWriter().noTags().compactString(groupId)
      writer.compactArray([...topics], ([topic, partitions]) => {
        writer
          .compactString(topic)
          .compactArray(partitions, (partition) => writer.int32(partition))
          .noTags()
      })
      return writer.int8(1).noTags()
    },
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      const partitions = reader.compactArray(() => {
        const topic = reader.compactString()
        const offsets = reader.compactArray(() => {
          const partition = reader.int32()
          const offset = reader.int64()
          reader.position += 4
          const found = {
            topic,
            partition,
            offset,
            metadata: reader.compactString(),
            errorCode: reader.int16(),
          }
          reader.skipTags()
          return found
        })
        reader.skipTags()
        return offsets
      })
      return { throttleMs, value: { errorCode: reader.int16(), partitions: partitions.flat() } }
    },
  }
}
