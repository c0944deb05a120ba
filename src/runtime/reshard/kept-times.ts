import type { ClaimRow } from '../../commit/claim.ts'
import { TIMES } from '../../commit/system-tables.ts'
import type { Database } from '../../database/database.ts'
import type { Row } from '../../database/table.ts'
import { taskId, type TaskId } from '../../model/task-id.ts'
import { mergeTimes } from '../../stores/contract/kept-time.ts'
import type { GrownSubtopology, Resize } from './resize.ts'

/** The times of all tasks. */
export interface KeptTimes {
  readonly tasks: readonly { readonly taskId: TaskId; readonly streamTime: number }[]
  /** Rows of {@link TIMES}. */
  readonly times: readonly Row[]
}

/** Tasks of a sub-topology that has grown go on with the times of all that it had; the others with their own. */
export async function keptTimes(
  database: Database,
  resize: Resize,
  claims: readonly ClaimRow[],
): Promise<KeptTimes> {
  const streamTimes = new Map(claims.map(({ taskId: task, streamTime }) => [task, streamTime]))
  const times: Row[] = []
  for (const grown of resize.subtopologies) {
    const before = resize.tasksBefore(grown)
    const latest = Math.max(...before.map((task) => streamTimes.get(task) ?? -1))
    const merged = mergeTimes(await Promise.all(before.map((task) => timesOf(database, task))))
    for (const task of tasksAfter(grown)) {
      streamTimes.set(task, latest)
      for (const [name, time] of merged) times.push([task, name, BigInt(time)])
    }
  }
  const tasks = [...streamTimes].map(([task, streamTime]) => ({ taskId: task, streamTime }))
  return { tasks, times }
}

async function timesOf(database: Database, task: TaskId): Promise<Map<string, number>> {
  const rows = await database.range(TIMES, { prefix: [task] })
  return new Map(rows.map(([, name, time]) => [name as string, Number(time)]))
}

function tasksAfter({ subtopology, to }: GrownSubtopology): TaskId[] {
  return Array.from({ length: to }, (_, partition) => taskId(subtopology.id, partition))
}
