import type { StreamsError } from '../../errors/streams-error.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { MemberAssignment } from '../group-assignor.ts'
import type { GroupConsumerOptions, StopOptions } from '../group-consumer.ts'
import type { GroupMembership } from '../group-membership.ts'
import type { Brokers } from './brokers.ts'

/** Membership in a group, by either protocol. */
export interface Member {
  /** Who it is to the group, as far as it knows. */
  readonly membership: GroupMembership | undefined
  /** Resolves after the first assignment; goes on until {@link stop}, which rejects it if it comes first. */
  start(): Promise<void>
  /** Joins again when the next heartbeat would be due, where the protocol has somebody who listens. */
  announce(): void
  stop(options?: StopOptions): Promise<void>
}

/** What a {@link Member} says. */
export interface MemberListener {
  /** Resolves once what was lost is released. */
  onAssigned(assignment: Required<MemberAssignment>): void | Promise<void>
  /** It is a member no more and will not try again. */
  onFailed(error: StreamsError): void
}

/** What a {@link Member} is made of. */
export interface MemberOptions {
  readonly brokers: Brokers
  /** Other connections: a broker answers a leave only after the join that was sent before it on the same one. */
  readonly leaveBrokers: Brokers
  readonly options: GroupConsumerOptions
  readonly listener: MemberListener
  readonly logger: Logger
}

/**
 * How soon a member learns that others have joined or left: a rebalance takes as long as its slowest member. Java's 3 s are
 * for a session of 45 s. A heartbeat costs broker and client some 0.1 ms. Guess.
 */
export const HEARTBEAT_MS = 500
/** The others need not wait for our session to end, but a stop must not wait for a broker that is away either. */
export const LEAVE_TIMEOUT_MS = 1_000
