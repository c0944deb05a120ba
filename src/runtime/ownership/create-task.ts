import type { Reader } from '../../database/transaction.ts'
import { GlobalStore } from '../../stores/global-store.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { openStore } from '../../stores/open-store.ts'
import type { StoreSurroundings } from '../../stores/store-surroundings.ts'
import type { TaskStore } from '../../stores/task-store.ts'
import { TaskTimers } from '../../stores/task-timers.ts'
import { TaskTimes } from '../../stores/task-times.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { IdleTime } from '../task/idle-time.ts'
import type { TaskPlan } from '../application-plan.ts'
import type { FailurePolicy } from '../task/failure-policy.ts'
import type { MemoryBounds } from '../memory-bounds.ts'
import type { ReadyTask } from './open-tasks.ts'
import { KeyPlaces } from '../task/key-places.ts'
import { Outgoing } from '../task/outgoing.ts'
import type { SinkTopics } from '../sink-topics.ts'
import { TaskContext } from '../task/task-context.ts'
import { Task } from '../task/task.ts'

/** What every task of an instance shares. */
export interface TaskSurroundings {
  readonly database: Reader
  readonly sinkTopics: SinkTopics
  /** Partition count of every topic. */
  readonly partitionsOf: ReadonlyMap<string, number>
  readonly policy: FailurePolicy
  readonly telemetry: Telemetry
  readonly applicationId: string
  readonly bounds: MemoryBounds
  readonly streamTimeIdleMs: number
  readonly timestampAheadMsMax: number
  /** Called when a task that waited for schemas can go on. */
  readonly onReadable: () => void
  /** How long ago a partition was known to be empty; see `GroupConsumer`. */
  readonly emptyAgo: (partition: TopicPartition) => number
  /** Whether the global tables hold what their topics held at the start. */
  readonly hasGlobalTables: () => boolean
}

/** Puts a task together: fresh stores, fresh nodes, nothing of an earlier claim. */
export async function createTask(
  { claim, task, row, queues, isReplayed, isRewound, unread }: ReadyTask,
  surroundings: TaskSurroundings,
): Promise<Task> {
  const { policy, telemetry, sinkTopics, bounds, onReadable } = surroundings
  const { streamTime, sequence } = row
  const { applicationId, database, timestampAheadMsMax } = surroundings
  const times = new TaskTimes(claim.taskId, database)
  const timers = new TaskTimers(claim.taskId, database)
  await Promise.all([times.open(), timers.open()])
  const stores = createStores(task, surroundings, {
    time: (name) => times.of(name),
    expired: (store) => context.dropped('expired', store),
  })
  await Promise.all([...stores.values()].flatMap((store) => store.open?.() ?? []))
  const outgoing = new Outgoing(sinkTopics)
  const findTopic = (topic: string) => sinkTopics.find(topic)
  const work = { outgoing, findTopic, policy, telemetry }
  const kept = { stores, times, timers, streamTime }
  const parts = { applicationId, taskId: claim.taskId, timestampAheadMsMax, ...kept, ...work }
  const context = new TaskContext(parts)
  const graph = task.subtopology.open(context)
  await graph.init()
  reportOrphans(timers, claim.taskId, telemetry)
  stores.set(times.name, times).set(timers.name, timers)
  const own = {
    claim,
    queues,
    graph,
    stores,
    outgoing,
    context,
    sequence,
    isReplayed,
    isRewound,
    unread,
  }
  const { hasGlobalTables, streamTimeIdleMs, emptyAgo } = surroundings
  const isReady = task.globals.length > 0 ? hasGlobalTables : () => true
  const globalTopics = globalTopicsOf(task)
  const { partitionsOf } = surroundings
  const places = new KeyPlaces({ task, graph, partitionsOf, logger: telemetry.logger })
  return new Task({
    ...{ ...own, policy, bounds, timers, onReadable, isReady, places, globalTopics, emptyAgo },
    idle: new IdleTime(streamTimeIdleMs, context.wallClock, streamTime),
  })
}

function reportOrphans(timers: TaskTimers, task: TaskId, { logger }: Telemetry): void {
  const nodes = timers.withoutOrphans()
  if (nodes.length > 0)
    logger.warn('timers of nodes that are no more stay in the table', { task, nodes })
}

function globalTopicsOf({ subtopology }: TaskPlan): ReadonlySet<string> {
  const global = subtopology.sources.filter(({ isGlobal }) => isGlobal)
  return new Set(global.map(({ topic }) => topic))
}

function createStores(
  { subtopology, partition, globals }: TaskPlan,
  { database, bounds }: TaskSurroundings,
  ofTask: Pick<StoreSurroundings, 'time' | 'expired'>,
): Map<string, TaskStore> {
  const cacheBytesMax = () => bounds.cacheBytes
  const surroundings = { ...ofTask, partition, reader: database, cacheBytesMax }
  const stores: TaskStore[] = subtopology.stores.map((store) => openStore(store, surroundings))
  for (const global of globals) stores.push(new GlobalStore(global, database))
  return new Map(stores.map((store) => [store.name, store]))
}
