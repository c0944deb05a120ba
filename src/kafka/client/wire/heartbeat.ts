import type { GroupMembership } from '../../group-membership.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** Heartbeat, version 3, the first with static members; answered by an error code. */
export function heartbeatRequest(
  groupId: string,
  { memberId, generationId, groupInstanceId }: GroupMembership,
): WireRequest<number> {
  return {
    apiKey: 12,
    apiVersion: 3,
    apiName: 'Heartbeat',
    encode: () =>
      new ByteWriter().string(groupId).int32(generationId).string(memberId).string(groupInstanceId),
    decode: (reader) => ({ throttleMs: reader.int32(), value: reader.int16() }),
  }
}
