import { groupBy } from '../../../model/group-by.ts'
import type { GroupMembership } from '../../group-membership.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { OffsetWithMetadata } from '../../transactional-producer.ts'
import type { Transaction } from '../broker.ts'
import type { WireRequest } from './wire-request.ts'

/** Offsets of a group in a transaction. */
export interface TxnOffsetCommit extends Transaction {
  readonly groupId: string
  /** Without a member they fence nothing. */
  readonly member: GroupMembership | undefined
  readonly offsets: readonly OffsetWithMetadata[]
}

const NO_MEMBER: GroupMembership = { memberId: '', generationId: -1, groupInstanceId: null }
const NO_LEADER_EPOCH = -1

/**
 * TxnOffsetCommit, version 3, the first with a member (KIP-447); answered by the first error code there is. kafkajs ends at
 * version 1.
 */
export function txnOffsetCommitRequest(options: TxnOffsetCommit): WireRequest<number> {
  return {
    apiKey: 28,
    apiVersion: 3,
    apiName: 'TxnOffsetCommit',
    encode: () => encode(options),
    decode: (reader) => {
      reader.skipTags()
      const throttleMs = reader.int32()
      const codes = reader.compactArray(() => {
        reader.compactString()
        const ofPartitions = reader.compactArray(() => {
          reader.position += 4
          const errorCode = reader.int16()
          reader.skipTags()
          return errorCode
        })
        reader.skipTags()
        return ofPartitions
      })
      return { throttleMs, value: codes.flat().find((code) => code !== 0) ?? 0 }
    },
  }
}

function encode(options: TxnOffsetCommit): ByteWriter {
  const { transactionalId, groupId, producerId, producerEpoch, member = NO_MEMBER } = options
  const topics = [...groupBy(options.offsets, ({ topic }) => topic)]
  const writer = new ByteWriter().noTags().compactString(transactionalId).compactString(groupId)
  writer.int64(producerId).int16(producerEpoch).int32(member.generationId)
  writer.compactString(member.memberId).compactString(member.groupInstanceId)
  writer.compactArray(topics, ([topic, offsets]) => {
    writer.compactString(topic)
    writer.compactArray(offsets, ({ partition, offset, metadata }) =>
      writer.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).compactString(metadata).noTags(),
    )
    writer.noTags()
  })
  return writer.noTags()
}
