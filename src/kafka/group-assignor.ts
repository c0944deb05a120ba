import type { TopicPartition } from '../model/topic-partition.ts'

/** Decides who reads what. Runs in the group's leader; what it is comes from the room `rebalance`. */
export interface GroupAssignor {
  /** Name of the protocol; all members of a group must have the same. */
  readonly name: string
  /** What this member wants the leader to know, read anew at each join. */
  userData(): Uint8Array
  /** What each member gets, keyed by member id. Must be a function of its argument: any member may be asked. */
  assign(members: readonly GroupMember[]): Map<string, MemberAssignment>
}

/** A member as the leader sees it. */
export interface GroupMember {
  readonly memberId: string
  readonly userData: Uint8Array
}

/** What the leader has for a member. */
export interface MemberAssignment {
  readonly partitions: readonly TopicPartition[]
  /** What the member is told beside. */
  readonly userData?: Uint8Array
}
