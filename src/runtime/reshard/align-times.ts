import { parseTaskId } from '../../model/task-id.ts'
import type { Task } from '../task/task.ts'

/**
 * Lets the stream time of each task of these sub-topologies go on to the latest of its sub-topology, and answers whether any did. A
 * task that has never had a record stays: it keeps nothing.
 *
 * @param tasks All that are at work, none of which processes anything meanwhile.
 */
export async function alignTimes(
  tasks: readonly Task[],
  subtopologies: ReadonlySet<number>,
): Promise<boolean> {
  const begun = tasks.filter(({ streamTime }) => streamTime >= 0)
  const behind = begun.flatMap((task) => {
    const { subtopology } = parseTaskId(task.id)
    const latest = latestOf(subtopology, begun)
    return subtopologies.has(subtopology) && task.streamTime < latest ? [{ task, latest }] : []
  })
  for (const { task, latest } of behind) await task.advanceTo(latest)
  return behind.length > 0
}

function latestOf(subtopology: number, tasks: readonly Task[]): number {
  const own = tasks.filter(({ id }) => parseTaskId(id).subtopology === subtopology)
  return Math.max(...own.map(({ streamTime }) => streamTime))
}
