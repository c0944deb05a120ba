import { ConsumerFailedError } from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { GroupAssignor, MemberAssignment } from '../group-assignor.ts'

/** A member as its group in memory sees it. */
export interface MemoryMember {
  readonly memberId: string
  readonly assignor: GroupAssignor
  onAssigned(assignment: MemberAssignment): void
  /** It is no member any more. */
  onExcluded(error: StreamsError): void
}

/** A consumer group in memory: the member that came first leads, and every coming and going gives all a new assignment. */
export class MemoryGroup {
  readonly #groupId: string
  /** In the order of their joining. */
  readonly #members = new Map<string, MemoryMember>()
  #isRebalancing = false

  constructor(groupId: string) {
    this.#groupId = groupId
  }

  join(member: MemoryMember): void {
    this.#members.set(member.memberId, member)
    this.#rebalance()
  }

  /** A member has something new to tell. */
  announce({ memberId }: MemoryMember): void {
    if (this.#members.has(memberId)) this.#rebalance()
  }

  leave({ memberId }: MemoryMember): void {
    if (this.#members.delete(memberId)) this.#rebalance()
  }

  /** As if the member had sent no heartbeat: the others share what it had, then it joins again as the port says. */
  expire(memberId: string): void {
    const member = this.#members.get(memberId)
    if (!member) return
    this.leave(member)
    setImmediate(() => this.join(member))
  }

  /** In a later turn, so that those who join in one turn share one assignment. */
  #rebalance(): void {
    if (this.#isRebalancing) return
    this.#isRebalancing = true
    setImmediate(() => {
      this.#isRebalancing = false
      this.#assign()
    })
  }

  #assign(): void {
    const [leader] = this.#members.values()
    if (!leader) return
    const strangers = [...this.#members.values()].filter(
      ({ assignor }) => assignor.name !== leader.assignor.name,
    )
    for (const stranger of strangers)
      this.#exclude(stranger, `its assignor is not the group's, ${leader.assignor.name}`)
    const assignments = this.#ask(leader)
    if (!assignments) return
    for (const member of [...this.#members.values()])
      member.onAssigned(assignments.get(member.memberId) ?? { partitions: [] })
  }

  #ask(leader: MemoryMember): Map<string, MemberAssignment> | undefined {
    try {
      const members = [...this.#members.values()]
      return leader.assignor.assign(
        members.map(({ memberId, assignor }) => ({ memberId, userData: assignor.userData() })),
      )
    } catch (error) {
      this.#exclude(leader, error instanceof Error ? error.message : String(error), error)
      return undefined
    }
  }

  #exclude(member: MemoryMember, reason: string, cause?: unknown): void {
    this.leave(member)
    member.onExcluded(new ConsumerFailedError(this.#groupId, reason, { cause }))
  }
}
