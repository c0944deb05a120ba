import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** A member that wants in: with the id that it has, or an empty one. */
export interface JoinGroup {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocol: { readonly name: string; readonly metadata: Buffer }
}

/** The answer to a join; only the leader is told the members. */
export interface JoinedGroup {
  readonly errorCode: number
  readonly generationId: number
  readonly leaderId: string
  readonly memberId: string
  readonly members: readonly { readonly memberId: string; readonly metadata: Buffer }[]
}

const PROTOCOL_TYPE = 'consumer'
/** The broker answers when all members have come, or when their time is over; so much later at most. */
const NETWORK_MS = 5_000

/** JoinGroup, version 5, the first with static members (KIP-345). */
export function joinGroupRequest(options: JoinGroup): WireRequest<JoinedGroup> {
  return {
    apiKey: 11,
    apiVersion: 5,
    apiName: 'JoinGroup',
    timeoutMs: options.rebalanceTimeoutMs + NETWORK_MS,
    encode: () => encode(options),
    decode: (reader) => {
      const throttleMs = reader.int32()
      const [errorCode, generationId] = [reader.int16(), reader.int32()]
      reader.string()
      const [leaderId, memberId] = [reader.string(), reader.string()]
      const members = reader.array(() => {
        const member = { memberId: reader.string() }
        reader.nullableString()
        return { ...member, metadata: reader.bytes() }
      })
      return { throttleMs, value: { errorCode, generationId, leaderId, memberId, members } }
    },
  }
}

function encode(options: JoinGroup): ByteWriter {
  const { groupId, memberId, groupInstanceId, protocol } = options
  return new ByteWriter()
    .string(groupId)
    .int32(options.sessionTimeoutMs)
    .int32(options.rebalanceTimeoutMs)
    .string(memberId)
    .string(groupInstanceId)
    .string(PROTOCOL_TYPE)
    .int32(1)
    .string(protocol.name)
    .int32(protocol.metadata.length)
    .raw(protocol.metadata)
}
