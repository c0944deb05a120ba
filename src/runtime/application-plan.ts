import type { CatalogueEntry } from '../commit/catalogue-entry.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import type { TopologyFingerprint } from '../rebalance/topology-fingerprint.ts'
import type { GlobalStorePlan } from '../stores/global-store.ts'
import type { OffsetReset, RunnableTopology, Subtopology } from '../topology/runnable-topology.ts'

/** A task before anyone owns it. */
export interface TaskPlan {
  readonly taskId: TaskId
  readonly partition: number
  readonly subtopology: Subtopology
  /** The source partitions it reads: a topic with fewer partitions is absent from the higher tasks. */
  readonly partitions: readonly TopicPartition[]
  /** Stores of global tables that it reads and other tasks keep. */
  readonly globals: readonly GlobalStorePlan[]
}

/** Everything about an application that is settled before it joins its group. */
export interface ApplicationPlan {
  readonly applicationId: string
  readonly topology: RunnableTopology
  readonly tasks: ReadonlyMap<TaskId, TaskPlan>
  /** Partition count of every topic that is read or written. */
  readonly partitionsOf: ReadonlyMap<string, number>
  /** Identity of topics, where the client can tell. */
  readonly topicIds: ReadonlyMap<string, string>
  readonly entries: readonly CatalogueEntry[]
  /** Those that the catalogue did not have before this start. */
  readonly added: readonly CatalogueEntry[]
  /** Which database it is, once its catalogue is there. */
  readonly databaseId: string | undefined
  /** What the catalogue has to say of the topology where the group has no leader that compares it. */
  readonly compared?: TopologyFingerprint | undefined
}

/** The task of each source partition, by `topic-partition`. */
export function tasksByPartition({ tasks }: ApplicationPlan): Map<string, TaskId> {
  const pairs = [...tasks.values()].flatMap(({ taskId, partitions }) =>
    partitions.map((partition): [string, TaskId] => [formatTopicPartition(partition), taskId]),
  )
  return new Map(pairs)
}

/** The source partitions of each task. */
export function partitionsByTask({
  tasks,
}: ApplicationPlan): Map<TaskId, readonly TopicPartition[]> {
  return new Map([...tasks.values()].map(({ taskId, partitions }) => [taskId, partitions]))
}

/** How many tasks a sub-topology has. */
export function taskCountOf({ tasks }: ApplicationPlan, { id }: Subtopology): number {
  return [...tasks.values()].filter(({ subtopology }) => subtopology.id === id).length
}

/** What the catalogue says of the stores of these tasks. */
export function storeEntriesOf(
  { entries }: ApplicationPlan,
  tasks: readonly TaskPlan[],
): readonly CatalogueEntry[] {
  const stores = new Set(
    tasks.flatMap(({ subtopology }) => subtopology.stores.map(({ name }) => name)),
  )
  return entries.filter(({ kind, name }) => kind === 'store' && stores.has(name))
}

/** Where a source begins that has no stored offset. */
export function offsetResetOf({ subtopology }: TaskPlan, topic: string): OffsetReset {
  return subtopology.sources.find((source) => source.topic === topic)?.offsetReset ?? 'earliest'
}
