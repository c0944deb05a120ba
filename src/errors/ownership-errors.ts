import { StreamsError, type ErrorContext } from './streams-error.ts'
import type { TaskId } from '../model/task-id.ts'

/** Tasks belong to a newer epoch: this instance was fenced and must not write for them again. */
export class TasksFencedError extends StreamsError {
  readonly code = 'TASKS_FENCED'
  readonly reaction = 'rejoin'
  readonly taskIds: readonly TaskId[]

  constructor(taskIds: readonly TaskId[]) {
    super(`tasks ${taskIds.join(', ')} are owned by a newer epoch`)
    this.taskIds = taskIds
  }
}

/** The relay's progress in Kafka is missing or ahead of the database: publishing on could repeat or lose records. */
export class RelayProgressLostError extends StreamsError {
  readonly code = 'RELAY_PROGRESS_LOST'
  readonly reaction = 'stop'

  constructor(taskId: TaskId, found: string, context?: ErrorContext) {
    super(
      `the relay's progress of task ${taskId} ${found}; the schema was dropped or the database restored while the group ` +
        'stayed in Kafka, or the offsets of the group expired or were reset: use another applicationId to begin anew, or ' +
        'see RELAY_PROGRESS_LOST in docs/errors.md for what to delete or to compare',
      { ...context, taskId },
    )
  }
}

/** Members of the group run another topology: their tasks and stores are not those of this instance. */
export class TopologyRefusedError extends StreamsError {
  readonly code = 'TOPOLOGY_REFUSED'
  readonly reaction = 'stop'

  constructor(groupId: string, difference: string) {
    super(
      `members of the group ${groupId} run another topology: ${difference}; they go on, and this instance does not take part. ` +
        'Stop all of them before this one is started, start it as it was before, or give it another applicationId',
    )
  }
}

/** Members of the group keep their state in another database: tasks would begin anew with each move. */
export class DatabaseRefusedError extends StreamsError {
  readonly code = 'DATABASE_REFUSED'
  readonly reaction = 'stop'

  constructor(groupId: string) {
    super(
      `members of the group ${groupId} keep their state in another database; they go on, and this instance does not take part. ` +
        'Give it the connection string and the schema that they have, or another applicationId; a database in memory is that of ' +
        'one process, and has one instance',
    )
  }
}

/** Another instance of the application asked that all stop. */
export class ApplicationStoppedError extends StreamsError {
  readonly code = 'APPLICATION_STOPPED'
  readonly reaction = 'stop'

  constructor(groupId: string) {
    super(
      `another instance of ${groupId} had an error and stopped the application: its log says which`,
    )
  }
}

/** A start that does not fit what the catalogue of the database says: another serde, another number of partitions, another application. */
export class CatalogueMismatchError extends StreamsError {
  readonly code = 'CATALOGUE_MISMATCH'
  readonly reaction = 'stop'

  constructor(what: string, found: string, expected: string, wayOut: string) {
    super(`${what} is ${found}, but the database was made for ${expected}; ${wayOut}`)
  }
}
