import { adminRequest } from './admin-request.ts'
import { CODE, failIfRefused } from './broker-error.ts'
import { GROUP } from './broker.ts'
import type { Brokers } from './brokers.ts'
import { consumerGroupDescribeRequest } from './wire/consumer-group-describe.ts'
import { LEAVE_EPOCH } from './wire/consumer-group-heartbeat.ts'

/** As the port says. A group that is none, or one by the classic protocol, is not found. */
export function countMembers(brokers: Brokers, groupId: string): Promise<number> {
  return adminRequest(brokers, { name: `to describe the group ${groupId}` }, () =>
    brokers.atCoordinator(GROUP, groupId, async (broker) => {
      const { errorCode, memberEpochs } = await broker.send(consumerGroupDescribeRequest(groupId))
      if (errorCode === CODE.GROUP_ID_NOT_FOUND) return 0
      failIfRefused(errorCode, groupId)
      return memberEpochs.filter((epoch) => epoch !== LEAVE_EPOCH.forAWhile).length
    }),
  )
}
