import { prepareSchema } from '../commit/prepare-schema.ts'
import { TopicMissingError } from '../errors/kafka-errors.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TopicDescription } from '../kafka/topics-and-offsets.ts'
import { taskId, type TaskId } from '../model/task-id.ts'
import type { GlobalStorePlan } from '../stores/global-store.ts'
import { storeTable } from '../stores/store-table.ts'
import { resolvePartitions, type PartitionCounts } from '../topology/compile/resolve-partitions.ts'
import type { RunnableTopology, Subtopology } from '../topology/runnable-topology.ts'
import type { ApplicationPlan, TaskPlan } from './application-plan.ts'
import { entriesOf } from './catalogue-entries.ts'
import { migrateStores, type MigrationContext } from './migrate-stores.ts'

/**
 * As Kafka Streams configures its repartition topics (`RepartitionTopicConfig`): records stay until they are purged. Event
 * times are the user's, so the broker's limits on timestamps do not apply.
 */
const REPARTITION_CONFIG = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'segment.bytes': '52428800',
  'message.timestamp.type': 'CreateTime',
  'message.timestamp.after.max.ms': '9223372036854775807',
  'message.timestamp.before.max.ms': '9223372036854775807',
}

/**
 * Settles everything that must hold before the first claim: topics exist, internal topics are made, tables are made, and the
 * catalogue says what the topology says, stores of an earlier version are migrated. Every instance does it; any number may at once.
 */
export async function prepareApplication(
  applicationId: string,
  topology: RunnableTopology,
  kafka: Kafka,
  context: MigrationContext,
): Promise<ApplicationPlan> {
  const external = await describeExternal(topology, kafka)
  const counts = new Map([...external].map(([topic, { partitions }]) => [topic, partitions]))
  const resolved = resolvePartitions(topology, counts)
  await kafka.createTopics(
    topology.internalTopics.map(({ topic }) => ({
      topic,
      partitions: resolved.internalTopics.get(topic)!,
      config: REPARTITION_CONFIG,
    })),
  )
  const internal = await kafka.describeTopics(topology.internalTopics.map(({ topic }) => topic))
  const described = new Map([...external, ...internal])
  const plan = toPlan(applicationId, topology, resolved, described)
  await prepareSchema(context.database, {
    tables: tablesOf(plan, resolved),
    entries: plan.entries,
    taskIds: [...plan.tasks.keys()],
  })
  await migrateStores(context, plan.entries)
  return plan
}

async function describeExternal(
  topology: RunnableTopology,
  kafka: Kafka,
): Promise<Map<string, TopicDescription>> {
  const sources = topology.subtopologies
    .flatMap(({ sources }) => sources)
    .filter(({ internal }) => !internal)
  const read = [...new Set(sources.map(({ topic }) => topic))]
  const described = await kafka.describeTopics([...new Set([...read, ...topology.outputTopics])])
  const missing = (topics: readonly string[]) => topics.filter((topic) => !described.has(topic))
  if (missing(read).length > 0) throw new TopicMissingError(missing(read), 'read')
  if (missing(topology.outputTopics).length > 0)
    throw new TopicMissingError(missing(topology.outputTopics), 'written')
  return described
}

function toPlan(
  applicationId: string,
  topology: RunnableTopology,
  resolved: PartitionCounts,
  described: ReadonlyMap<string, TopicDescription>,
): ApplicationPlan {
  const partitionsOf = new Map([...described].map(([topic, { partitions }]) => [topic, partitions]))
  const ids = [...described].flatMap(([topic, { topicId }]): [string, string][] =>
    topicId ? [[topic, topicId]] : [],
  )
  const tasks = topology.subtopologies.flatMap((subtopology) =>
    tasksOf(subtopology, topology, resolved, partitionsOf),
  )
  return {
    applicationId,
    topology,
    partitionsOf,
    topicIds: new Map(ids),
    tasks: new Map(tasks.map((task) => [task.taskId, task])),
    entries: entriesOf(applicationId, topology, resolved, partitionsOf),
  }
}

function tasksOf(
  subtopology: Subtopology,
  topology: RunnableTopology,
  resolved: PartitionCounts,
  partitionsOf: ReadonlyMap<string, number>,
): TaskPlan[] {
  return Array.from({ length: resolved.tasks[subtopology.id] ?? 0 }, (_, partition) => ({
    taskId: taskId(subtopology.id, partition) satisfies TaskId,
    partition,
    subtopology,
    globals: globalsOf(subtopology, topology, resolved),
    partitions: subtopology.sources
      .filter(({ topic }) => partition < (partitionsOf.get(topic) ?? 0))
      .map(({ topic }) => ({ topic, partition })),
  }))
}

function globalsOf(
  { globalStores, stores }: Subtopology,
  { subtopologies }: RunnableTopology,
  resolved: PartitionCounts,
): GlobalStorePlan[] {
  const own = new Set(stores.map(({ name }) => name))
  return subtopologies.flatMap((keeper) =>
    keeper.stores.flatMap((definition) => {
      const isRead = globalStores.includes(definition.name) && !own.has(definition.name)
      if (!isRead || definition.kind !== 'key-value') return []
      return [{ definition, partitions: resolved.tasks[keeper.id] ?? 0 }]
    }),
  )
}

function tablesOf(
  { topology }: ApplicationPlan,
  resolved: PartitionCounts,
): { table: ReturnType<typeof storeTable>; partitions: number }[] {
  return topology.subtopologies.flatMap(({ id, stores }) =>
    stores.map((store) => ({ table: storeTable(store), partitions: resolved.tasks[id] ?? 0 })),
  )
}
