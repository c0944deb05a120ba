import type { Reader } from '../database/transaction.ts'
import { GlobalStore } from '../stores/global-store.ts'
import { openStore } from '../stores/open-store.ts'
import type { StoreSurroundings } from '../stores/store-surroundings.ts'
import type { TaskStore } from '../stores/task-store.ts'
import { TaskTimes } from '../stores/task-times.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { TaskPlan } from './application-plan.ts'
import type { FailurePolicy } from './failure-policy.ts'
import type { ReadyTask } from './open-tasks.ts'
import { Outgoing } from './outgoing.ts'
import type { SinkTopics } from './sink-topics.ts'
import { TaskContext } from './task-context.ts'
import { Task } from './task.ts'

/** What every task of an instance shares. */
export interface TaskSurroundings {
  readonly database: Reader
  readonly sinkTopics: SinkTopics
  readonly policy: FailurePolicy
  readonly telemetry: Telemetry
  readonly cacheBytesMax: number
  /** Called when a task that waited for schemas can go on. */
  readonly onReadable: () => void
  /** Whether the global tables hold what their topics held at the start. */
  readonly hasGlobalTables: () => boolean
}

/** Puts a task together: fresh stores, fresh nodes, nothing of an earlier claim. */
export async function createTask(
  { claim, task, row, queues }: ReadyTask,
  surroundings: TaskSurroundings,
): Promise<Task> {
  const { policy, telemetry, sinkTopics, onReadable } = surroundings
  const { streamTime, sequence } = row
  const times = new TaskTimes(claim.taskId, surroundings.database)
  await times.open()
  const stores = createStores(task, surroundings, {
    time: (name) => times.of(name),
    expired: (store) => context.dropped('expired', store),
  })
  await Promise.all([...stores.values()].flatMap((store) => store.open?.() ?? []))
  const outgoing = new Outgoing(sinkTopics)
  const findTopic = (topic: string) => sinkTopics.find(topic)
  const work = { outgoing, findTopic, policy, telemetry }
  const parts = { taskId: claim.taskId, stores, times, streamTime, ...work }
  const context = new TaskContext(parts)
  const graph = task.subtopology.open(context)
  await graph.init()
  stores.set(times.name, times)
  const own = { claim, queues, graph, stores, outgoing, context, sequence }
  const { hasGlobalTables } = surroundings
  const isReady = task.globals.length > 0 ? hasGlobalTables : () => true
  const globalTopics = globalTopicsOf(task)
  return new Task({ ...own, policy, onReadable, isReady, globalTopics })
}

function globalTopicsOf({ subtopology }: TaskPlan): ReadonlySet<string> {
  const global = subtopology.sources.filter(({ isGlobal }) => isGlobal)
  return new Set(global.map(({ topic }) => topic))
}

function createStores(
  { subtopology, partition, globals }: TaskPlan,
  { database, cacheBytesMax }: TaskSurroundings,
  ofTask: Pick<StoreSurroundings, 'time' | 'expired'>,
): Map<string, TaskStore> {
  const surroundings = { ...ofTask, partition, reader: database, cacheBytesMax }
  const stores: TaskStore[] = subtopology.stores.map((store) => openStore(store, surroundings))
  for (const global of globals) stores.push(new GlobalStore(global, database))
  return new Map(stores.map((store) => [store.name, store]))
}
