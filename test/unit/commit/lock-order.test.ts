import { expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import { compareTaskIds, type TaskId } from '../../../src/model/task-id.ts'
import { databaseFor, NO_BOUNDS, unitOf } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

// Ten partitions and more: as text, 0_10 comes before 0_2.
const TASK_IDS: readonly TaskId[] = ['0_2', '0_10']

test('a claim and a commit of the same tasks never deadlock', async () => {
  const database = await databaseFor(TASK_IDS)
  await claim(database, TASK_IDS, { instance: 'old', bounds: NO_BOUNDS })
  const units = TASK_IDS.toSorted(compareTaskIds).map((taskId) => unitOf(taskId, 1n))
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0
        ? commitUnits(database, units, NO_BOUNDS, silentTelemetry())
        : claim(database, TASK_IDS, { instance: 'new', bounds: NO_BOUNDS }),
    ),
  )
  const failures = outcomes.flatMap((one): unknown[] =>
    one.status === 'rejected' ? [one.reason] : [],
  )
  expect(failures.filter((reason) => reason instanceof TransactionRolledBackError)).toEqual([])
})
