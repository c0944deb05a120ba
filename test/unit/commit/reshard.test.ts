import { describe, expect, test } from '@jest/globals'
import { claim, release } from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { beginReshard } from '../../../src/commit/reshard.ts'
import { CATALOGUE, TASKS } from '../../../src/commit/system-tables.ts'
import type { Database } from '../../../src/database/database.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { databaseFor, NO_BOUNDS, rowsOf, unitWithOutbox } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const TASK_IDS: readonly TaskId[] = ['0_0', '0_1']
const as = (instance: string) => ({ instance, bounds: NO_BOUNDS })
const begin = (database: Database) => beginReshard(database, TASK_IDS, 'reshard', NO_BOUNDS)

async function isRefused(database: Database, reason: RegExp): Promise<void> {
  const tables = [TASKS, CATALOGUE]
  const rows = () => Promise.all(tables.map((table) => rowsOf(database, table)))
  const before = await rows()
  const refused = begin(database)
  await expect(refused).rejects.toMatchObject({ code: 'RESHARD_REFUSED' })
  await expect(refused).rejects.toThrow(reason)
  expect(await rows()).toEqual(before)
}

describe('a reshard begins', () => {
  test('where all tasks were released, and fences whoever had them', async () => {
    const database = await databaseFor(TASK_IDS)
    const claims = await claim(database, TASK_IDS, as('owner'))
    await release(database, claims, NO_BOUNDS)
    const begun = await begin(database)
    expect(begun).toEqual(TASK_IDS.map((taskId) => ({ taskId, epoch: 2n })))
  })

  test('not while an instance owns a task: one that started since would go on with rows that move', async () => {
    const database = await databaseFor(TASK_IDS)
    await claim(database, ['0_1'], as('owner'))
    await isRefused(database, /an instance owns the task 0_1/)
  })

  test('not where records wait to be published: they would go where their keys are no longer', async () => {
    const database = await databaseFor(TASK_IDS)
    const [owner] = await claim(database, ['0_1'], as('owner'))
    const unit = unitWithOutbox('0_1', owner!.epoch, 1n)
    await commitUnits(database, [unit], NO_BOUNDS, silentTelemetry())
    const released = { where: { task: '0_1' }, set: { instance: null } }
    await database.transaction((transaction) => transaction.updateWhere(TASKS, [released]))
    await isRefused(database, /records of the task 0_1 wait to be published/)
  })

  test('again, whoever has the tasks, where another one has begun and died', async () => {
    const database = await databaseFor(TASK_IDS)
    await begin(database)
    expect(await begin(database)).toEqual(TASK_IDS.map((taskId) => ({ taskId, epoch: 2n })))
  })
})
