import type { TaskId } from '../model/task-id.ts'

/** The order in which claim rows are locked everywhere: that of their key in the database, text by bytes. */
export function byLockOrder(
  a: { readonly taskId: TaskId },
  b: { readonly taskId: TaskId },
): number {
  return a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : 0
}
