import type { CatalogueEntry } from '../../commit/catalogue-entry.ts'
import { taskId, type TaskId } from '../../model/task-id.ts'
import { storeEntry } from '../../stores/catalogue.ts'
import type { PartitionCounts } from '../../topology/compile/resolve-partitions.ts'
import type {
  InternalTopic,
  RunnableTopology,
  Subtopology,
} from '../../topology/runnable-topology.ts'

/** Everything about an application that the catalogue compares at every start; what says most about a change comes first. */
export function entriesOf(
  applicationId: string,
  { subtopologies, internalTopics }: RunnableTopology,
  resolved: PartitionCounts,
  partitionsOf: ReadonlyMap<string, number>,
): CatalogueEntry[] {
  const internal = new Map(internalTopics.map((topic) => [topic.topic, topic]))
  const topics = subtopologies
    .flatMap(({ sources }) => sources)
    .map(({ topic }) => topicEntry(topic, partitionsOf.get(topic) ?? 0, internal.get(topic)))
  const stores = subtopologies.flatMap(({ id, stores }) =>
    stores.map((store) => storeEntry(store, resolved.tasks[id] ?? 0, taskIdsOf(id, resolved))),
  )
  return [
    applicationEntry(applicationId),
    ...stores,
    ...subtopologies.flatMap(placeEntries),
    ...subtopologies.map(subtopologyEntry),
    ...topics,
  ]
}

function taskIdsOf(id: number, { tasks }: PartitionCounts): TaskId[] {
  return Array.from({ length: tasks[id] ?? 0 }, (_, partition) => taskId(id, partition))
}

function applicationEntry(applicationId: string): CatalogueEntry {
  return {
    kind: 'application',
    name: 'application',
    description: { applicationId },
    wayOut: () => 'give the applications schemas of their own with the option schema',
  }
}

/** The tasks of a store go by the number of its sub-topology; what is in its rows comes from what is above it. */
function placeEntries({ id, storePlaces }: Subtopology): CatalogueEntry[] {
  return [...storePlaces].map(([store, below]) => ({
    kind: 'place',
    name: store,
    description: { subtopology: id, below },
    wayOut: (changed) =>
      changed.includes('below')
        ? 'put its operator back below these, or give the store another name: its rows were made of other input'
        : 'define what is new behind what was there, since sub-topologies are numbered in that order, or start under another applicationId: offsets, outbox and times belong to the old number',
  }))
}

function subtopologyEntry({ id, sources }: Subtopology): CatalogueEntry {
  return {
    kind: 'subtopology',
    name: String(id),
    description: {
      topics: [...new Set(sources.map(({ topic, pattern }) => pattern ?? topic))].toSorted(),
    },
    wayOut: () =>
      'put the topics back and define what is new behind what was there; or, if its tasks shall read these from now on and ' +
      `leave unread what they do not name any more, delete ('subtopology', '${id}') from rowstream_catalogue and start again`,
  }
}

function topicEntry(topic: string, partitions: number, internal?: InternalTopic): CatalogueEntry {
  return {
    kind: 'topic',
    name: topic,
    description: {
      partitions,
      ...(internal && { combined: internal.combined }),
      ...(internal?.changes && { changes: true }),
    },
    wayOut: () =>
      'where it has grown, stop all instances and whoever writes to it, and call reshard(topology, options), which moves what is kept ' +
      'to the partitions of its keys; or start under another applicationId',
  }
}
