import { describe, expect, test } from '@jest/globals'
import {
  claim,
  readClaims,
  reclaim,
  release,
  storeTransactionalId,
} from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { OUTBOX } from '../../../src/commit/system-tables.ts'
import type { Database } from '../../../src/database/database.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { databaseFor, NO_BOUNDS, rowsOf, unitWithOutbox } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const TASK_IDS: readonly TaskId[] = ['0_0', '0_1']
const as = (instance: string) => ({ instance, bounds: NO_BOUNDS })
const open = () => databaseFor(TASK_IDS)
const rowOf = async (database: Database, taskId: TaskId) =>
  (await readClaims(database, [taskId]))[0]

describe('claim', () => {
  test('raises the epoch by one, whoever the owner is', async () => {
    const database = await open()
    await claim(database, TASK_IDS, as('first'))
    const claims = await claim(database, TASK_IDS, as('second'))
    expect(claims.map(({ taskId, epoch }) => [taskId, epoch])).toEqual([
      ['0_0', 2n],
      ['0_1', 2n],
    ])
    expect((await rowOf(database, '0_0'))?.instance).toBe('second')
  })

  test('answers the transactional id in the row and leaves it there', async () => {
    const database = await open()
    const first = await claim(database, ['0_0'], as('first'))
    await storeTransactionalId(database, first, 'id-1', NO_BOUNDS)
    const [second] = await claim(database, ['0_0'], as('second'))
    expect(second?.predecessor).toBe('id-1')
    expect((await rowOf(database, '0_0'))?.transactionalId).toBe('id-1')
  })

  test('writes the id of one’s own producer where the row names none', async () => {
    const database = await open()
    const [first] = await claim(database, ['0_0'], { ...as('first'), transactionalId: 'id-1' })
    expect(first?.predecessor).toBeNull()
    const [second] = await claim(database, ['0_0'], { ...as('second'), transactionalId: 'id-2' })
    expect(second?.predecessor).toBe('id-1')
    expect((await rowOf(database, '0_0'))?.transactionalId).toBe('id-1')
  })

  test('finds no predecessor in a row that nobody has claimed', async () => {
    const database = await open()
    expect((await claim(database, ['0_0'], as('first')))[0]?.predecessor).toBeNull()
  })

  test('leaves out a task that has no row', async () => {
    const database = await open()
    const claims = await claim(database, ['0_0', '9_9'], as('first'))
    expect(claims.map(({ taskId }) => taskId)).toEqual(['0_0'])
  })

  test('of two at once each has an epoch of its own', async () => {
    const database = await open()
    const both = await Promise.all(
      ['a', 'b'].map((instance) => claim(database, ['0_0'], as(instance))),
    )
    expect(both.map(([one]) => one!.epoch).toSorted()).toEqual([1n, 2n])
  })

  test('of no tasks does not ask the database', async () => {
    expect(await claim(undefined as never, [], as('first'))).toEqual([])
  })
})

describe('reclaim', () => {
  test('raises the epoch of a task that is still held', async () => {
    const database = await open()
    const held = await claim(database, TASK_IDS, as('me'))
    const again = await reclaim(database, held, as('me'))
    expect(again.map(({ epoch }) => epoch)).toEqual([2n, 2n])
  })

  test('leaves out a task that has a newer owner, and does not touch its row', async () => {
    const database = await open()
    const held = await claim(database, TASK_IDS, as('me'))
    await claim(database, ['0_0'], as('other'))
    const again = await reclaim(database, held, as('me'))
    expect(again.map(({ taskId }) => taskId)).toEqual(['0_1'])
    expect(await rowOf(database, '0_0')).toMatchObject({ epoch: 2n, instance: 'other' })
  })

  test('answers one’s own old id: it is fenced like a predecessor’s', async () => {
    const database = await open()
    const held = await claim(database, ['0_0'], as('me'))
    await storeTransactionalId(database, held, 'mine-1', NO_BOUNDS)
    expect((await reclaim(database, held, as('me')))[0]?.predecessor).toBe('mine-1')
  })
})

describe('storeTransactionalId', () => {
  test('writes the id into rows that are still ours, and answers these', async () => {
    const database = await open()
    const claims = await claim(database, TASK_IDS, as('me'))
    const stored = await storeTransactionalId(database, claims, 'id-1', NO_BOUNDS)
    expect(stored.map(({ taskId }) => taskId)).toEqual(['0_0', '0_1'])
    expect((await rowOf(database, '0_1'))?.transactionalId).toBe('id-1')
  })

  test('does not touch a row that was claimed in between', async () => {
    const database = await open()
    const claims = await claim(database, TASK_IDS, as('me'))
    await claim(database, ['0_0'], as('other'))
    const stored = await storeTransactionalId(database, claims, 'id-1', NO_BOUNDS)
    expect(stored.map(({ taskId }) => taskId)).toEqual(['0_1'])
    expect((await rowOf(database, '0_0'))?.transactionalId).toBeNull()
  })
})

describe('release', () => {
  async function released() {
    const database = await open()
    const claims = await claim(database, TASK_IDS, as('me'))
    await storeTransactionalId(database, claims, 'id-1', NO_BOUNDS)
    const units = TASK_IDS.map((taskId) => unitWithOutbox(taskId, 1n, 1n))
    await commitUnits(database, units, NO_BOUNDS, silentTelemetry())
    return { database, claims }
  }

  test('deletes the outbox rows and sets id and instance to null', async () => {
    const { database, claims } = await released()
    await release(database, claims.slice(0, 1), NO_BOUNDS)
    expect((await rowsOf(database, OUTBOX)).map(([task]) => task)).toEqual(['0_1'])
    expect(await rowOf(database, '0_0')).toMatchObject({ transactionalId: null, instance: null })
  })

  test('keeps epoch and sequence: the next owner goes on from there', async () => {
    const { database, claims } = await released()
    await release(database, claims, NO_BOUNDS)
    expect(await rowOf(database, '0_0')).toMatchObject({ epoch: 1n, sequence: 1n })
  })

  test('by a fenced owner changes nothing', async () => {
    const { database, claims } = await released()
    await claim(database, TASK_IDS, as('other'))
    await release(database, claims, NO_BOUNDS)
    expect(await rowsOf(database, OUTBOX)).toHaveLength(2)
    expect(await rowOf(database, '0_0')).toMatchObject({ transactionalId: 'id-1' })
  })
})
