import type { GroupAssignor } from '../kafka/group-assignor.ts'
import type { TopicPartition } from '../model/topic-partition.ts'

/** Gives the one member of a group all of these partitions. */
export function readAllAssignor(partitions: readonly TopicPartition[]): GroupAssignor {
  return {
    name: 'read-all',
    userData: () => new Uint8Array(),
    assign: (members) =>
      new Map(
        members.map(({ memberId }, index) => [
          memberId,
          { partitions: index === 0 ? partitions : [] },
        ]),
      ),
  }
}
