import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { groupBy } from '../../model/group-by.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import type { StopOptions } from '../group-consumer.ts'
import type { GroupMembership } from '../group-membership.ts'
import { brokerError, CODE, codeOf, failIfRefused, reasonOf } from './broker-error.ts'
import { GROUP, type Broker } from './broker.ts'
import { memberFailure } from './member-failure.ts'
import { MemberPatience } from './member-patience.ts'
import { HEARTBEAT_MS, LEAVE_TIMEOUT_MS, type Member, type MemberOptions } from './member.ts'
import {
  CONSUMER_GROUP_HEARTBEAT,
  CONSUMER_GROUP_HEARTBEAT_VERSION,
  consumerGroupHeartbeatRequest,
  LEAVE_EPOCH,
  type ConsumerGroupHeartbeatAnswer,
  type TopicIdPartitions,
} from './wire/consumer-group-heartbeat.ts'

/** Co-partitioned topics land together: each member gets the same numbers of all topics with equally many partitions. */
const SERVER_ASSIGNOR = 'range'
const JOIN_EPOCH = 0
/** Until the next look, where the coordinator knows topics by other ids yet. Guess. */
const FIRST_ASSIGNMENT_MS = 50
/** Guess. */
const UNRELEASED_INSTANCE_MS = 200

/** What the coordinator answers to a member that it has removed: it may come in anew. */
const REMOVED = new Set<number>([CODE.UNKNOWN_MEMBER_ID, CODE.FENCED_MEMBER_EPOCH])

/**
 * Membership by the `consumer` protocol (KIP-848): nothing but heartbeats. Each says what the member owns, and is answered by what
 * it is to own; the coordinator assigns, and gives nothing to others before the member has said that it has released it. Members that
 * nothing is taken from or given to hear nothing.
 *
 * A member that was removed joins anew, under its old id, and is told what it has then.
 */
export class ReconcilingMember implements Member {
  readonly #parts: MemberOptions
  readonly #stopping = new AbortController()
  readonly #memberId = randomUUID()
  readonly #patience: MemberPatience
  #memberEpoch = JOIN_EPOCH
  #intervalMs = HEARTBEAT_MS
  /** Ends the pause before the next heartbeat. */
  #beatNow = new AbortController()
  #topicIds: ReadonlyMap<string, string> = new Map()
  /** What the listener was told; `undefined` until it was, after each join. */
  #told: readonly TopicPartition[] | undefined
  /** What has been told and released: what the coordinator may go by. */
  #owned: readonly TopicPartition[] = []
  #isReleasing = false

  constructor(parts: MemberOptions) {
    this.#parts = parts
    this.#patience = new MemberPatience(parts.brokers)
  }

  get membership(): GroupMembership | undefined {
    if (this.#memberEpoch <= JOIN_EPOCH) return undefined
    const { groupInstanceId = null } = this.#parts.options
    return { memberId: this.#memberId, generationId: this.#memberEpoch, groupInstanceId }
  }

  async start(): Promise<void> {
    await this.#beat()
    while (!this.#isStopping && !this.#told) {
      await this.#pause(FIRST_ASSIGNMENT_MS)
      await this.#beat()
    }
    if (this.#isStopping) throw this.#failure(new TypeError('it was stopped while it joined'))
    void this.#stayMember()
  }

  /** There is no leader to tell anything to. */
  announce(): void {}

  /** A static member says that it will be back, and keeps its assignment until the session is over; one that is not told to leave says nothing. */
  async stop({ leaveGroup }: StopOptions = {}): Promise<void> {
    if (this.#isStopping) return
    this.#stopping.abort()
    this.#beatNow.abort()
    const isStatic = this.#parts.options.groupInstanceId !== undefined
    if (!isStatic && leaveGroup === false) return
    const epoch = (leaveGroup ?? !isStatic) ? LEAVE_EPOCH.forGood : LEAVE_EPOCH.forAWhile
    const left = this.#leave(epoch).catch((error: unknown) =>
      this.#log('the group was not told that a member left', error),
    )
    await Promise.race([left, sleep(LEAVE_TIMEOUT_MS, undefined, { ref: false })])
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  async #stayMember(): Promise<void> {
    try {
      while (!this.#isStopping) {
        await this.#pause(this.#intervalMs)
        if (!this.#isStopping) await this.#beat()
      }
    } catch (error) {
      if (!this.#isStopping) this.#parts.listener.onFailed(this.#failure(error))
    }
  }

  /** One heartbeat, repeated until it is answered. @throws what stays. */
  async #beat(): Promise<void> {
    for (let attempt = 1; !this.#isStopping; attempt++) {
      try {
        const answer = await this.#ask()
        this.#patience.renew()
        if (!this.#isStopping) this.#hear(answer)
        return
      } catch (error) {
        if (this.#isStopping) return
        await this.#pause(this.#retryDelayMs(error, attempt))
      }
    }
  }

  #ask(): Promise<ConsumerGroupHeartbeatAnswer> {
    const { brokers, options } = this.#parts
    return brokers.atCoordinator(GROUP, options.groupId, async (broker) => {
      if (broker.maxVersion(CONSUMER_GROUP_HEARTBEAT) < CONSUMER_GROUP_HEARTBEAT_VERSION)
        throw brokerError(CODE.UNSUPPORTED_VERSION, `groupProtocol 'consumer' needs Kafka 4.0`)
      if (this.#topicIds.size < options.topics.length) await this.#learnTopicIds()
      const answer = await this.#send(broker, this.#memberEpoch)
      failIfRefused(answer.errorCode, answer.errorMessage)
      return answer
    })
  }

  #send(broker: Broker, memberEpoch: number): Promise<ConsumerGroupHeartbeatAnswer> {
    const { groupId, topics, sessionTimeoutMs, groupInstanceId = null } = this.#parts.options
    const request = consumerGroupHeartbeatRequest({
      ...{ groupId, memberId: this.#memberId, memberEpoch, groupInstanceId, topics },
      rebalanceTimeoutMs: sessionTimeoutMs,
      serverAssignor: SERVER_ASSIGNOR,
      owned: memberEpoch === JOIN_EPOCH ? [] : this.#withIds(this.#owned),
    })
    return broker.send(request)
  }

  async #leave(epoch: number): Promise<void> {
    if (!this.membership) return
    const { leaveBrokers, options } = this.#parts
    await leaveBrokers.atCoordinator(GROUP, options.groupId, async (broker) => {
      const { errorCode, errorMessage } = await this.#send(broker, epoch)
      failIfRefused(errorCode, errorMessage)
    })
  }

  #hear(answer: ConsumerGroupHeartbeatAnswer): void {
    const { memberEpoch, heartbeatIntervalMs, assignment } = answer
    this.#memberEpoch = memberEpoch
    this.#intervalMs = Math.min(
      heartbeatIntervalMs,
      this.#parts.options.heartbeatIntervalMs ?? HEARTBEAT_MS,
    )
    const partitions = assignment && this.#withNames(assignment)
    if (partitions && !this.#isReleasing && !isSame(partitions, this.#told)) this.#tell(partitions)
  }

  /** What is lost counts as owned until it is released: only then do others get it. */
  #tell(partitions: readonly TopicPartition[]): void {
    const kept = new Set(partitions.map(formatTopicPartition))
    const hasLost = this.#owned.some((one) => !kept.has(formatTopicPartition(one)))
    this.#told = partitions
    if (!hasLost) this.#owned = partitions
    const userData = new Uint8Array()
    const released = this.#parts.listener.onAssigned({ partitions, userData })
    if (!hasLost) return
    this.#isReleasing = true
    void Promise.resolve(released).finally(() => {
      this.#isReleasing = false
      this.#owned = this.#told ?? []
      this.#beatNow.abort()
    })
  }

  #withNames(assignment: readonly TopicIdPartitions[]): TopicPartition[] | undefined {
    const names = new Map([...this.#topicIds].map(([topic, topicId]) => [topicId, topic]))
    if (assignment.some(({ topicId }) => !names.has(topicId))) {
      // A topic was made again: its name is asked for before the next heartbeat.
      this.#topicIds = new Map()
      return undefined
    }
    return assignment.flatMap(({ topicId, partitions }) =>
      partitions.map((partition) => ({ topic: names.get(topicId)!, partition })),
    )
  }

  #withIds(partitions: readonly TopicPartition[]): TopicIdPartitions[] {
    return [...groupBy(partitions, ({ topic }) => topic)].flatMap(([topic, ofTopic]) => {
      const topicId = this.#topicIds.get(topic)
      return topicId ? [{ topicId, partitions: ofTopic.map(({ partition }) => partition) }] : []
    })
  }

  async #learnTopicIds(): Promise<void> {
    const { topics } = await this.#parts.brokers.metadata(this.#parts.options.topics)
    const known = topics.filter(({ errorCode }) => errorCode === 0)
    this.#topicIds = new Map(known.map(({ topic, topicId }) => [topic, topicId!]))
  }

  /** How long to wait before the next heartbeat. @throws the failure when it stays, or has lasted too long. */
  #retryDelayMs(error: unknown, attempt: number): number {
    this.#log('the membership in the group was interrupted', error)
    const code = codeOf(error) ?? 0
    if (REMOVED.has(code) && this.#memberEpoch !== JOIN_EPOCH) {
      this.#memberEpoch = JOIN_EPOCH
      this.#told = undefined
      this.#owned = []
      return 0
    }
    // Until the session of whoever had the instance id is over.
    const delayMs =
      code === CODE.UNRELEASED_INSTANCE_ID && this.#patience.hasTime()
        ? UNRELEASED_INSTANCE_MS
        : this.#patience.delayMs(error, attempt)
    if (delayMs === undefined) throw this.#failure(error)
    return delayMs
  }

  async #pause(durationMs: number): Promise<void> {
    const { signal } = this.#beatNow
    await sleep(durationMs, undefined, { signal }).catch(() => undefined)
    if (!this.#isStopping) this.#beatNow = new AbortController()
  }

  #failure(error: unknown) {
    return memberFailure(this.#parts.options, error)
  }

  #log(message: string, error: unknown): void {
    const { groupId } = this.#parts.options
    const fields = { groupId, memberId: this.#memberId, reason: reasonOf(error) }
    this.#parts.logger.debug(message, fields)
  }
}

function isSame(
  some: readonly TopicPartition[],
  others: readonly TopicPartition[] | undefined,
): boolean {
  const keys = (partitions: readonly TopicPartition[]) =>
    partitions.map(formatTopicPartition).toSorted().join()
  return others !== undefined && keys(some) === keys(others)
}
