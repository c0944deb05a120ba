import type { TimeKeepers } from '../../commit/check-keepers.ts'
import { prepareSchema, type PreparedSchema } from '../../commit/prepare-schema.ts'
import type { RunningTopology } from '../../commit/running-topology.ts'
import type { TableToMigrate } from '../../database/database.ts'
import { TopicMissingError } from '../../errors/kafka-errors.ts'
import type { GroupProtocol } from '../../kafka/group-consumer.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import type { TopicDescription } from '../../kafka/topics-and-offsets.ts'
import { taskId, type TaskId } from '../../model/task-id.ts'
import { topologyFingerprint } from '../../rebalance/topology-fingerprint.ts'
import type { GlobalStorePlan } from '../../stores/global-store.ts'
import { storeTable } from '../../stores/store-table.ts'
import {
  resolvePartitions,
  type PartitionCounts,
} from '../../topology/compile/resolve-partitions.ts'
import type { RunnableTopology, Subtopology } from '../../topology/runnable-topology.ts'
import { taskCountOf, type ApplicationPlan, type TaskPlan } from '../application-plan.ts'
import { comparedTopology } from './compare-topology.ts'
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
 * @throws TopologyRefusedError `TOPOLOGY_REFUSED` in a group by the `consumer` protocol whose members run another topology: it has no
 *   leader that compares them.
 */
export async function prepareApplication(
  applicationId: string,
  topology: RunnableTopology,
  kafka: Kafka,
  context: MigrationContext & { readonly groupProtocol?: GroupProtocol },
): Promise<ApplicationPlan> {
  const planned = await planApplication(applicationId, topology, kafka)
  const compared = context.groupProtocol === 'consumer' ? topologyFingerprint(topology) : undefined
  const plan = { ...planned, compared }
  const running = compared && comparedTopology(kafka, applicationId, compared)
  return { ...plan, ...(await prepareDatabase(plan, context, running)) }
}

/**
 * What the topics that there are make of a topology; internal ones are made where they are missing.
 * @param sizes How many partitions topics are taken to have, in place of those that they have.
 */
export async function planApplication(
  applicationId: string,
  topology: RunnableTopology,
  kafka: Kafka,
  sizes: ReadonlyMap<string, number> = new Map(),
): Promise<ApplicationPlan> {
  const external = resized(await describeExternal(topology, kafka), sizes)
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
  const described = new Map([...external, ...resized(internal, sizes)])
  return toPlan(applicationId, topology, resolved, described)
}

function resized(
  described: ReadonlyMap<string, TopicDescription>,
  sizes: ReadonlyMap<string, number>,
): Map<string, TopicDescription> {
  const topics = [...described].map(([topic, found]): [string, TopicDescription] => [
    topic,
    { ...found, partitions: sizes.get(topic) ?? found.partitions },
  ])
  return new Map(topics)
}

/** Tables are made, the catalogue is compared, and stores of an earlier version are migrated. */
export async function prepareDatabase(
  plan: ApplicationPlan,
  context: MigrationContext,
  running?: RunningTopology,
): Promise<PreparedSchema> {
  const prepared = await prepareSchema(context.database, {
    tables: tablesOf(plan),
    entries: plan.entries,
    taskIds: [...plan.tasks.keys()],
    keepers: [...plan.tasks.values()].map(keepersOf),
    running,
  })
  await migrateStores(context, plan.entries)
  return prepared
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
    added: [],
    databaseId: undefined,
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

function keepersOf({ taskId, subtopology: { nodes, stores } }: TaskPlan): TimeKeepers {
  return { taskId, nodes: new Set(nodes), stores: new Set(stores.map(({ name }) => name)) }
}

/** The tables of all stores. */
export function tablesOf(plan: ApplicationPlan): readonly TableToMigrate[] {
  return plan.topology.subtopologies.flatMap((subtopology) =>
    subtopology.stores.map((store) => ({
      table: storeTable(store),
      partitions: taskCountOf(plan, subtopology),
    })),
  )
}
