import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { MemberAssignment } from '../group-assignor.ts'
import type { StopOptions } from '../group-consumer.ts'
import type { GroupMembership } from '../group-membership.ts'
import { passingDelayMs } from './admin-request.ts'
import { CODE, codeOf, failIfRefused, reasonOf } from './broker-error.ts'
import { GROUP, type Broker } from './broker.ts'
import { joinGroup } from './join-group.ts'
import { memberFailure } from './member-failure.ts'
import { MemberPatience } from './member-patience.ts'
import { HEARTBEAT_MS, LEAVE_TIMEOUT_MS, type Member, type MemberOptions } from './member.ts'
import { retry } from './retry.ts'
import {
  decodeAssignment,
  decodeUserData,
  encodeAssignment,
  encodeSubscription,
} from './wire/group-metadata.ts'
import { heartbeatRequest } from './wire/heartbeat.ts'
import type { JoinedGroup } from './wire/join-group.ts'
import { leaveGroupRequest } from './wire/leave-group.ts'
import { syncGroupRequest, type SyncGroup } from './wire/sync-group.ts'

/** A shorter session needs more heartbeats; three may be lost, as Kafka's manual advises. */
const HEARTBEATS_PER_SESSION = 3
/** What the coordinator answers to a member whose group is changing; others may change it again while we join. */
const REJOIN_AT_ONCE = new Set<number>([
  CODE.UNKNOWN_MEMBER_ID,
  CODE.REBALANCE_IN_PROGRESS,
  CODE.ILLEGAL_GENERATION,
])
const IMMEDIATE_REJOINS = 3
/** Guess. */
const BUSY_GROUP_MS = 50

/**
 * Membership in a group: join, sync, heartbeats on a timer, join again.
 *
 * The classic protocol, in which all members give up their assignment and get the next one together. A member id survives
 * lost connections and a moved coordinator; a member that the coordinator has forgotten joins as a new one. A static member that
 * joins anew within its session takes its old place, and the group does not change (KIP-345): the leader is not asked then.
 */
export class GroupMember implements Member {
  readonly #parts: MemberOptions
  readonly #patience: MemberPatience
  readonly #stopping = new AbortController()
  #mustAnnounce = false
  /** As the last join made it. */
  #membership: GroupMembership | undefined
  /** The first join, or a later one, that is under way or was the last. */
  #joining: Promise<unknown> = Promise.resolve()

  constructor(parts: MemberOptions) {
    this.#parts = parts
    this.#patience = new MemberPatience(parts.brokers)
  }

  /** Resolves after the first assignment; goes on until {@link stop}, which rejects it if it comes first. */
  async start(): Promise<void> {
    await this.#joinUntilAssigned()
    if (this.#isStopping) throw this.#failure(new TypeError('it was stopped while it joined'))
    void this.#stayMember()
  }

  /** Who it is to the group, as far as it knows. */
  get membership(): GroupMembership | undefined {
    return this.#membership
  }

  /** Leaves the group, at once even while a join waits for others; the id of a new member is waited for. A static member stays. */
  async stop({ leaveGroup }: StopOptions = {}): Promise<void> {
    if (this.#isStopping) return
    this.#stopping.abort()
    if (!(leaveGroup ?? this.#parts.options.groupInstanceId === undefined)) return
    const joined = this.#membership ? Promise.resolve() : this.#joining
    const left = joined.then(() => this.#leave())
    const isOver = left.catch((error: unknown) =>
      this.#log('the group was not told that a member left', error),
    )
    await Promise.race([isOver, sleep(LEAVE_TIMEOUT_MS, undefined, { ref: false })])
  }

  /** Joins again when the next heartbeat would be due. */
  announce(): void {
    this.#mustAnnounce = true
  }

  async #leave(): Promise<void> {
    const { groupId } = this.#parts.options
    const membership = this.#membership
    if (!membership) return
    const leave = async (broker: Broker): Promise<void> =>
      failIfRefused(await broker.send(leaveGroupRequest(groupId, membership)), groupId)
    await this.#parts.leaveBrokers.atCoordinator(GROUP, groupId, leave)
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  async #stayMember(): Promise<void> {
    try {
      while (!this.#isStopping) {
        await this.#heartbeatUntilRebalance()
        await this.#joinUntilAssigned()
      }
    } catch (error) {
      if (!this.#isStopping) this.#parts.listener.onFailed(this.#failure(error))
    }
  }

  async #joinUntilAssigned(): Promise<void> {
    for (let attempt = 1; !this.#isStopping; attempt++) {
      try {
        const join = this.#join()
        this.#joining = join.catch(() => undefined)
        const assignment = await join
        this.#patience.renew()
        if (!this.#isStopping) void this.#parts.listener.onAssigned(assignment)
        return
      } catch (error) {
        if (this.#isStopping) return
        await this.#sleep(this.#rejoinDelayMs(error, attempt))
      }
    }
  }

  async #join(): Promise<Required<MemberAssignment>> {
    const {
      groupId,
      topics,
      assignor,
      sessionTimeoutMs,
      groupInstanceId = null,
    } = this.#parts.options
    return this.#parts.brokers.atCoordinator(GROUP, groupId, async (broker) => {
      this.#mustAnnounce = false
      const metadata = encodeSubscription(topics, assignor.userData())
      const joined = await joinGroup(broker, {
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs: sessionTimeoutMs,
        memberId: this.#membership?.memberId ?? '',
        groupInstanceId,
        protocol: { name: assignor.name, metadata },
      })
      const { memberId, generationId } = joined
      this.#membership = { memberId, generationId, groupInstanceId }
      return this.#sync(broker, joined, this.#membership)
    })
  }

  async #sync(
    broker: Broker,
    joined: JoinedGroup,
    membership: GroupMembership,
  ): Promise<Required<MemberAssignment>> {
    const { groupId } = this.#parts.options
    const assignments = joined.leaderId === joined.memberId ? this.#assign(joined) : []
    const request = syncGroupRequest({ ...membership, groupId, assignments })
    const { errorCode, assignment } = await broker.send(request)
    failIfRefused(errorCode, groupId)
    return decodeAssignment(assignment)
  }

  #assign({ members }: JoinedGroup): SyncGroup['assignments'] {
    const assignments = this.#parts.options.assignor.assign(
      members.map(({ memberId, metadata }) => ({ memberId, userData: decodeUserData(metadata) })),
    )
    return members.map(({ memberId }) => {
      return {
        memberId,
        assignment: encodeAssignment(assignments.get(memberId) ?? { partitions: [] }),
      }
    })
  }

  async #heartbeatUntilRebalance(): Promise<void> {
    const { groupId, sessionTimeoutMs, heartbeatIntervalMs } = this.#parts.options
    const intervalMs =
      heartbeatIntervalMs ?? Math.min(HEARTBEAT_MS, sessionTimeoutMs / HEARTBEATS_PER_SESSION)
    const beat = async (broker: Broker): Promise<void> => {
      const request = heartbeatRequest(groupId, this.#membership!)
      failIfRefused(await broker.send(request), groupId)
    }
    while (!this.#isStopping && !this.#mustAnnounce) {
      await this.#sleep(intervalMs)
      try {
        if (!this.#isStopping)
          await this.#persist(() => this.#parts.brokers.atCoordinator(GROUP, groupId, beat))
      } catch (error) {
        if (!this.#isStopping) this.#rejoinDelayMs(error, 1)
        return
      }
    }
  }

  /** Ends early when stopping: a timer must not keep the process. */
  async #sleep(durationMs: number): Promise<void> {
    const { signal } = this.#stopping
    await sleep(durationMs, undefined, { signal }).catch(() => undefined)
  }

  /** A lost connection alone does not end a membership: that takes a session without a heartbeat. */
  #persist(heartbeat: () => Promise<unknown>): Promise<unknown> {
    const delayMs = (error: unknown, attempt: number) =>
      passingDelayMs(this.#parts.brokers, error, attempt)
    return retry(heartbeat, { timeoutMs: this.#parts.options.sessionTimeoutMs, delayMs })
  }

  /** How long to wait before joining again. @throws the failure when it stays, or has lasted too long. */
  #rejoinDelayMs(error: unknown, attempt: number): number {
    if (codeOf(error) === CODE.UNKNOWN_MEMBER_ID) this.#membership = undefined
    this.#log('the membership in the group was interrupted', error)
    if (REJOIN_AT_ONCE.has(codeOf(error) ?? 0))
      return attempt <= IMMEDIATE_REJOINS ? 0 : BUSY_GROUP_MS
    const delayMs = this.#patience.delayMs(error, attempt)
    if (delayMs === undefined) throw this.#failure(error)
    return delayMs
  }

  #failure(error: unknown): StreamsError {
    return memberFailure(this.#parts.options, error)
  }

  #log(message: string, error: unknown): void {
    this.#parts.logger.debug(message, {
      groupId: this.#parts.options.groupId,
      memberId: this.#membership?.memberId,
      reason: reasonOf(error),
    })
  }
}
