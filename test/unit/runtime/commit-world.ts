import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import { claim } from '../../../src/commit/claim.ts'
import type { CommitUnit } from '../../../src/commit/commit-unit.ts'
import { OFFSETS } from '../../../src/commit/system-tables.ts'
import { RowRefusedError } from '../../../src/errors/database-errors.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { GroupCommit, type GroupCommitOptions } from '../../../src/runtime/group-commit.ts'
import type { SealedTask } from '../../../src/runtime/task/task-progress.ts'
import { FaultyDatabase } from '../../support/faulty-database.ts'
import { EagerClock } from '../../support/manual-clock.ts'
import {
  databaseFor,
  NO_BOUNDS,
  outgoing,
  position,
  rowsOf,
  unitOf,
} from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

export const TASK_IDS: readonly TaskId[] = ['0_0', '0_1', '0_2']
export const REFUSED = new RowRefusedError('counts', 'too long')

/** A group commit of claimed tasks, and what it told of its outcomes. */
export async function commitWorld(options: Partial<GroupCommitOptions> = {}) {
  const database = new FaultyDatabase(await databaseFor(TASK_IDS))
  await claim(database, TASK_IDS, { instance: 'me', bounds: NO_BOUNDS })
  const told: unknown[][] = []
  const committed: TaskId[] = []
  let attemptsFailed = 0
  const clock = new EagerClock()
  const commit = new GroupCommit({
    database,
    bounds: { claim: NO_BOUNDS, commit: NO_BOUNDS },
    telemetry: silentTelemetry({ clock }),
    retryMs: 1_000,
    produce: () => Promise.reject(new TypeError('nothing is to be produced')),
    outcomes: {
      onStarted: () => undefined,
      onAttemptFailed: () => void attemptsFailed++,
      onCommitted: (batches) => void told.push(['committed', ...batches.map((one) => one.taskId)]),
      onFenced: (taskIds) => void told.push(['fenced', ...taskIds]),
      onUnknown: (error) => void told.push(['unknown', error.code]),
      onFailed: (error) => void told.push(['failed', error]),
    },
    ...options,
  })
  const sealed = (taskId: TaskId, parts: Partial<CommitUnit> = {}): SealedTask => {
    const records = [outgoing(taskId)]
    const positions = [position(Number(taskId.slice(2)), 5n)]
    return {
      unit: unitOf(taskId, 1n, { positions, ...parts }),
      direct: options.produce ? records : [],
      batch: { taskId, sequence: 1n, rows: [], positions, records: encodeRecords(records) },
      committed: () => void committed.push(taskId),
    }
  }
  const run = async (...taskIds: TaskId[]) => {
    commit.start(taskIds.map((taskId) => sealed(taskId)))
    await commit.settled()
  }
  const durable = async () => (await rowsOf(database, OFFSETS)).map(([task]) => task)
  return {
    attemptsFailed: () => attemptsFailed,
    database,
    commit,
    told,
    committed,
    clock,
    sealed,
    run,
    durable,
  }
}
