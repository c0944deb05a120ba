import { TIMES } from '../commit/system-tables.ts'
import type { Database } from '../database/database.ts'
import { parseTaskId, type TaskId } from '../model/task-id.ts'
import { observedTimeOf } from '../model/kept-time-name.ts'

/** The highest time that was put into a store, by partition, as it was committed. */
export async function observedTimes(
  database: Database,
  store: string,
): Promise<Map<number, number>> {
  const rows = await database.range(TIMES, { prefix: [] })
  const ofStore = rows.filter(([, name]) => name === observedTimeOf(store))
  return new Map(
    ofStore.map(([task, , time]) => [parseTaskId(task as TaskId).partition, Number(time)]),
  )
}
