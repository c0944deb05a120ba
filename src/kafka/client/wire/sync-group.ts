import type { GroupMembership } from '../../group-membership.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** Assignments of all members from the leader, none from the others. */
export interface SyncGroup extends GroupMembership {
  readonly groupId: string
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

/** The assignment of the member that asks. */
export interface SyncedGroup {
  readonly errorCode: number
  readonly assignment: Buffer
}

/** SyncGroup, version 3, the first with static members. */
export function syncGroupRequest(options: SyncGroup): WireRequest<SyncedGroup> {
  return {
    apiKey: 14,
    apiVersion: 3,
    apiName: 'SyncGroup',
    encode: () => {
      const { groupId, generationId, memberId, groupInstanceId, assignments } = options
      const writer = new ByteWriter().string(groupId).int32(generationId)
      writer.string(memberId).string(groupInstanceId)
      return writer.array(assignments, ({ memberId: whose, assignment }) =>
        writer.string(whose).int32(assignment.length).raw(assignment),
      )
    },
    decode: (reader) => ({
      throttleMs: reader.int32(),
      value: { errorCode: reader.int16(), assignment: reader.bytes() },
    }),
  }
}
