import { joinGroupV6, ResponseError } from '@platformatic/kafka'
import { codeOf } from '../client/broker-error.ts'
import type { JoinedGroup, JoinGroup } from '../client/broker.ts'
import type { Link } from './link.ts'

const MEMBER_ID_REQUIRED = 79
const PROTOCOL_TYPE = 'consumer'

/** Joins a group; the coordinator refuses a new member once, with the id under which it may come in (KIP-394). */
export async function joinGroup(link: Link, request: JoinGroup): Promise<JoinedGroup> {
  try {
    return await join(link, request)
  } catch (error) {
    const memberId = codeOf(error) === MEMBER_ID_REQUIRED ? givenId(error) : undefined
    if (memberId === undefined) throw error
    return join(link, { ...request, memberId })
  }
}

/** The broker answers when all members have come, or when their time is over. */
async function join(link: Link, request: JoinGroup): Promise<JoinedGroup> {
  const { groupId, memberId, sessionTimeoutMs, rebalanceTimeoutMs, protocol } = request
  const joined = await link.ask(
    (connection) =>
      joinGroupV6.api.async(
        connection,
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId,
        null,
        PROTOCOL_TYPE,
        [protocol],
      ),
    rebalanceTimeoutMs,
  )
  const members = joined.members.map((member) => {
    return { memberId: member.memberId, metadata: member.metadata ?? Buffer.alloc(0) }
  })
  const { generationId, leader } = joined
  return { generationId, leaderId: leader ?? '', memberId: joined.memberId ?? '', members }
}

function givenId(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  const response: unknown = cause instanceof ResponseError ? cause['response'] : undefined
  return (response as { memberId?: string } | undefined)?.memberId
}
