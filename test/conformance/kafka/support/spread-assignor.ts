import type {
  GroupAssignor,
  GroupMember,
  MemberAssignment,
} from '../../../../src/kafka/group-assignor.ts'
import type { TopicPartition } from '../../../../src/model/topic-partition.ts'

/** Deals partitions to members in the order of their ids, and notes what the leader was told. */
export class SpreadAssignor implements GroupAssignor {
  readonly name = 'spread'
  readonly seen: GroupMember[][] = []
  readonly #partitions: readonly TopicPartition[]
  /** What the member tells the leader at its next join. */
  said: string

  constructor(partitions: readonly TopicPartition[], userData = '') {
    this.#partitions = partitions
    this.said = userData
  }

  userData(): Uint8Array {
    return Buffer.from(this.said)
  }

  assign(members: readonly GroupMember[]): Map<string, MemberAssignment> {
    this.seen.push([...members])
    const ids = members.map(({ memberId }) => memberId).sort()
    const isOf = (id: string, index: number) => ids[index % ids.length] === id
    return new Map(
      ids.map((id) => [
        id,
        {
          partitions: this.#partitions.filter((_, index) => isOf(id, index)),
          userData: Buffer.from(`for ${id}`),
        },
      ]),
    )
  }
}
