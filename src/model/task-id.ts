/** `<sub-topology>_<partition>`, the unit of ownership and of parallelism, as in Kafka Streams. */
export type TaskId = `${number}_${number}`

/** The parts of a {@link TaskId}. */
export interface TaskIdParts {
  readonly subtopology: number
  readonly partition: number
}

/** The id of the task that runs a sub-topology on one partition. */
export function taskId(subtopology: number, partition: number): TaskId {
  return `${subtopology}_${partition}`
}

/** @throws TypeError when the text is not `<number>_<number>`. */
export function parseTaskId(text: string): TaskIdParts {
  const match = /^(\d+)_(\d+)$/.exec(text)
  if (!match) throw new TypeError(`not a task id: '${text}' (expected <sub-topology>_<partition>)`)
  return { subtopology: Number(match[1]), partition: Number(match[2]) }
}

/** Orders by sub-topology, then by partition. */
export function compareTaskIds(a: TaskId, b: TaskId): number {
  const left = parseTaskId(a)
  const right = parseTaskId(b)
  return left.subtopology - right.subtopology || left.partition - right.partition
}
