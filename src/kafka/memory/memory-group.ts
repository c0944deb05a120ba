import { ConsumerFailedError, InstanceFencedError } from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { GroupAssignor, MemberAssignment } from '../group-assignor.ts'
import type { GroupMembership } from '../group-membership.ts'

/** A member as its group in memory sees it. */
export interface MemoryMember {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly assignor: GroupAssignor
  onAssigned(assignment: MemberAssignment, generationId: number): void
  /** It is no member any more. */
  onExcluded(error: StreamsError): void
}

const NOTHING: MemberAssignment = { partitions: [] }

/**
 * A consumer group in memory: the member that came first leads, and every coming and going gives all a new assignment, but for
 * a static member that takes its own place again (KIP-345).
 */
export class MemoryGroup {
  readonly #groupId: string
  /** In the order of their joining. */
  readonly #members = new Map<string, MemoryMember>()
  /** Of the newest generation, by member id. */
  #assignments: ReadonlyMap<string, MemberAssignment> = new Map()
  #generationId = 0
  #isRebalancing = false

  constructor(groupId: string) {
    this.#groupId = groupId
  }

  join(member: MemoryMember): void {
    const old = this.#memberOf(member.groupInstanceId)
    if (old) return this.#replace(old, member)
    this.#members.set(member.memberId, member)
    this.#rebalance()
  }

  /** Why offsets of a member are refused; `undefined` where they are not. */
  refusalOf({ memberId, generationId, groupInstanceId }: GroupMembership): string | undefined {
    const place = this.#memberOf(groupInstanceId)
    if (place && place.memberId !== memberId) return 'another one has its instance id'
    if (!this.#members.has(memberId)) return 'it is none'
    return generationId === this.#generationId ? undefined : 'it is of an earlier generation'
  }

  /** A member has something new to tell. */
  announce({ memberId }: MemoryMember): void {
    if (this.#members.has(memberId)) this.#rebalance()
  }

  leave(member: MemoryMember): void {
    if (this.#members.get(member.memberId) !== member) return
    this.#members.delete(member.memberId)
    this.#rebalance()
  }

  /** As if the member had sent no heartbeat: the others share what it had, then it joins again as the port says. */
  expire(memberId: string): void {
    const member = this.#members.get(memberId)
    if (!member) return
    this.leave(member)
    setImmediate(() => this.#joinAgain(member))
  }

  /** Whether there is a member with this instance id. */
  isTaken(groupInstanceId: string | null): boolean {
    return this.#memberOf(groupInstanceId) !== undefined
  }

  /** Only a start takes the place of another one: who comes back is fenced where one has started under its name meanwhile. */
  #joinAgain(member: MemoryMember): void {
    const { groupInstanceId } = member
    if (!this.isTaken(groupInstanceId)) return this.join(member)
    member.onExcluded(new InstanceFencedError(this.#groupId, groupInstanceId!))
  }

  #memberOf(groupInstanceId: string | null): MemoryMember | undefined {
    if (groupInstanceId === null) return undefined
    return [...this.#members.values()].find((member) => member.groupInstanceId === groupInstanceId)
  }

  /** The new one gets what the old one had, and the others hear nothing. */
  #replace(old: MemoryMember, member: MemoryMember): void {
    const assignment = this.#assignments.get(old.memberId)
    this.#members.delete(old.memberId)
    this.#members.set(member.memberId, member)
    old.onExcluded(new InstanceFencedError(this.#groupId, member.groupInstanceId!))
    if (!assignment || this.#isRebalancing) return this.#rebalance()
    this.#assignments = new Map([...this.#assignments, [member.memberId, assignment]])
    const generationId = this.#generationId
    setImmediate(() => {
      if (this.#generationId === generationId) member.onAssigned(assignment, generationId)
    })
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
    this.#assignments = assignments
    const generationId = ++this.#generationId
    for (const member of [...this.#members.values()])
      member.onAssigned(assignments.get(member.memberId) ?? NOTHING, generationId)
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
