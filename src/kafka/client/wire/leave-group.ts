import type { GroupMembership } from '../../group-membership.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** LeaveGroup of one member, version 3, the first with static members; answered by an error code. */
export function leaveGroupRequest(
  groupId: string,
  { memberId, groupInstanceId }: GroupMembership,
): WireRequest<number> {
  return {
    apiKey: 13,
    apiVersion: 3,
    apiName: 'LeaveGroup',
    encode: () =>
      new ByteWriter().string(groupId).int32(1).string(memberId).string(groupInstanceId),
    decode: (reader) => {
      const throttleMs = reader.int32()
      const errorCode = reader.int16()
      const ofMembers = reader.array(() => {
        reader.string()
        reader.nullableString()
        return reader.int16()
      })
      return { throttleMs, value: errorCode || (ofMembers[0] ?? 0) }
    },
  }
}
