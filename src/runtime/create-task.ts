import type { Reader } from '../database/transaction.ts'
import { TableStore } from '../stores/table-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { FailurePolicy } from './failure-policy.ts'
import type { ReadyTask } from './open-tasks.ts'
import { Outgoing, type SinkTopic } from './outgoing.ts'
import { TaskContext } from './task-context.ts'
import { Task } from './task.ts'

/** What every task of an instance shares. */
export interface TaskSurroundings {
  readonly database: Reader
  readonly sinkTopics: ReadonlyMap<string, SinkTopic>
  readonly policy: FailurePolicy
  readonly telemetry: Telemetry
  readonly cacheBytesMax: number
}

/** Puts a task together: fresh stores, fresh nodes, nothing of an earlier claim. */
export function createTask(
  { claim, task, row, queues }: ReadyTask,
  surroundings: TaskSurroundings,
): Task {
  const { database, sinkTopics, policy, telemetry, cacheBytesMax } = surroundings
  const stores = new Map(
    task.subtopology.stores.map((store) => [
      store.name,
      new TableStore(store, task.partition, database, cacheBytesMax),
    ]),
  )
  const outgoing = new Outgoing(sinkTopics)
  const context = new TaskContext(claim.taskId, stores, outgoing, policy, telemetry)
  const graph = task.subtopology.open(context)
  return new Task({
    claim,
    queues,
    graph,
    stores,
    outgoing,
    context,
    policy,
    sequence: row.sequence,
    streamTime: row.streamTime,
  })
}
