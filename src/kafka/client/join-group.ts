import { CODE, failIfRefused } from './broker-error.ts'
import type { Broker } from './broker.ts'
import { joinGroupRequest, type JoinedGroup, type JoinGroup } from './wire/join-group.ts'

/** Joins a group; the coordinator refuses a new member once, with the id under which it may come in (KIP-394), unless it is static. */
export async function joinGroup(broker: Broker, request: JoinGroup): Promise<JoinedGroup> {
  const joined = await broker.send(joinGroupRequest(request))
  if (joined.errorCode === CODE.MEMBER_ID_REQUIRED && request.memberId !== joined.memberId)
    return joinGroup(broker, { ...request, memberId: joined.memberId })
  failIfRefused(joined.errorCode, request.groupId)
  return joined
}
