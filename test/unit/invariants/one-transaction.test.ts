import { describe, expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { OFFSETS, OUTBOX, TASKS } from '../../../src/commit/system-tables.ts'
import { TransactionRolledBackError } from '../../../src/errors/database-errors.ts'
import { FaultyDatabase, type Fault, type SeenStatement } from '../../support/faulty-database.ts'
import {
  COUNTS,
  databaseFor,
  NO_BOUNDS,
  rowsOf,
  unitWithOutbox,
} from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const TABLES = [TASKS, OFFSETS, OUTBOX, COUNTS]
const error = new TransactionRolledBackError('a fault')

async function setUp() {
  const database = new FaultyDatabase(await databaseFor(['0_0']))
  await claim(database, ['0_0'], { instance: 'me', bounds: NO_BOUNDS })
  const changes = (value: number) => [
    { table: COUNTS, upserts: [[0, 'a', value, 5]], deletes: [[0, 'b']] },
  ]
  const commit = (sequence: bigint, epoch = 1n) =>
    commitUnits(
      database,
      [
        {
          ...unitWithOutbox('0_0', epoch, sequence),
          changes: changes(Number(sequence)),
          published: [{ sequence: sequence - 1n, part: 0 }],
        },
      ],
      NO_BOUNDS,
      silentTelemetry(),
    )
  const everything = () => Promise.all(TABLES.map((table) => rowsOf(database, table)))
  await commit(1n)
  return { database, commit, everything }
}

async function statements(): Promise<SeenStatement[]> {
  const { database, commit } = await setUp()
  await commit(2n)
  return [...database.last]
}

describe('progress, rows and outgoing records become durable in one transaction, or none of them do', () => {
  test('a fault at any statement leaves everything as it was', async () => {
    const all = await statements()
    expect(all.length).toBeGreaterThanOrEqual(5)
    for (const on of all) {
      const { database, commit, everything } = await setUp()
      const before = await everything()
      database.fail({ at: 'statement', error, on })
      await expect(commit(2n)).rejects.toBe(error)
      expect(await everything()).toEqual(before)
    }
  })

  test('a fault at COMMIT leaves everything as it was', async () => {
    const { database, commit, everything } = await setUp()
    const before = await everything()
    const fault: Fault = { at: 'commit', error }
    database.fail(fault)
    await expect(commit(2n)).rejects.toBe(error)
    expect(await everything()).toEqual(before)
  })

  test('without a fault all of them change', async () => {
    const { commit, everything } = await setUp()
    const before = await everything()
    await commit(2n)
    const after = await everything()
    for (const [table, rows] of after.entries()) expect(rows).not.toEqual(before[table])
  })
})

describe('the first statement of a commit is a write that only the current epoch can make', () => {
  test('it is the first', async () => {
    expect((await statements())[0]).toEqual({ method: 'updateWhere', table: TASKS.name })
  })

  test.each([0n, 2n])('epoch %d writes nothing where 1 is the current one', async (epoch) => {
    const { commit, everything } = await setUp()
    const before = await everything()
    await expect(commit(2n, epoch)).rejects.toMatchObject({ code: 'TASKS_FENCED' })
    expect(await everything()).toEqual(before)
  })

  test('a commit that waited for a claim is fenced by it', async () => {
    const { database, commit, everything } = await setUp()
    const claimed = claim(database, ['0_0'], { instance: 'other', bounds: NO_BOUNDS })
    await expect(commit(2n)).rejects.toMatchObject({ code: 'TASKS_FENCED' })
    await claimed
    expect((await everything())[3]).toEqual([[0, 'a', 1n, 5]])
  })
})
