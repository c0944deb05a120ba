import { describe, expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { OFFSETS, OUTBOX, TASKS } from '../../../src/commit/system-tables.ts'
import { TasksFencedError } from '../../../src/errors/ownership-errors.ts'
import type { CommitUnit } from '../../../src/commit/commit-unit.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import { FaultyDatabase } from '../../support/faulty-database.ts'
import {
  COUNTS,
  databaseFor,
  NO_BOUNDS,
  position,
  rowsOf,
  unitOf,
  unitWithOutbox,
} from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const TASK_IDS: readonly TaskId[] = ['0_0', '0_1', '0_2']
const claimed = { instance: 'me', bounds: NO_BOUNDS }

async function setUp() {
  const database = new FaultyDatabase(await databaseFor(TASK_IDS))
  await claim(database, TASK_IDS, claimed)
  const commit = (...units: CommitUnit[]) =>
    commitUnits(database, units, NO_BOUNDS, silentTelemetry())
  return { database, commit }
}

const count = (partition: number, key: string, value: number) => [partition, key, value, 5]

describe('a commit', () => {
  test('writes rows, offsets, outbox, sequence and stream time together', async () => {
    const { database, commit } = await setUp()
    await commit({
      ...unitWithOutbox('0_0', 1n, 1n),
      streamTime: 77,
      changes: [{ table: COUNTS, upserts: [count(0, 'a', 3)], deletes: [] }],
    })
    expect(await rowsOf(database, COUNTS)).toEqual([[0, 'a', 3n, 5]])
    expect(await rowsOf(database, OFFSETS)).toEqual([['0_0', 'in', 0, 1n, null, null]])
    expect((await rowsOf(database, OUTBOX)).map(([task, sequence]) => [task, sequence])).toEqual([
      ['0_0', 1n],
    ])
    expect((await rowsOf(database, TASKS))[0]).toEqual(['0_0', 1n, null, 'me', 1n, 77n])
  })

  test('deletes the rows whose keys it names', async () => {
    const { database, commit } = await setUp()
    const upserts = [count(0, 'a', 1), count(0, 'b', 1)]
    await commit(unitOf('0_0', 1n, { changes: [{ table: COUNTS, upserts, deletes: [] }] }))
    const deletes = [[0, 'a']]
    await commit(unitOf('0_0', 1n, { changes: [{ table: COUNTS, upserts: [], deletes }] }))
    expect((await rowsOf(database, COUNTS)).map(([, key]) => key)).toEqual(['b'])
  })

  test('deletes the outbox rows that are known to be published, and no others', async () => {
    const { database, commit } = await setUp()
    for (const sequence of [1n, 2n, 3n]) await commit(unitWithOutbox('0_0', 1n, sequence))
    const published = [
      { sequence: 1n, part: 0 },
      { sequence: 2n, part: 0 },
    ]
    await commit(unitOf('0_0', 1n, { sequence: 3n, published }))
    expect((await rowsOf(database, OUTBOX)).map(([, sequence]) => sequence)).toEqual([3n])
  })

  test('keeps the parts of a split batch as rows of their own, each with the source positions', async () => {
    const { database, commit } = await setUp()
    const outbox = { sequence: 1n, parts: [Buffer.from('one'), Buffer.from('two')] }
    await commit(unitOf('0_0', 1n, { sequence: 1n, outbox, positions: [position(0, 9n)] }))
    const where = [['in', 0, '9']]
    expect(await rowsOf(database, OUTBOX)).toEqual([
      ['0_0', 1n, 0, where, Buffer.from('one')],
      ['0_0', 1n, 1, where, Buffer.from('two')],
    ])
  })

  test('keeps the identity of a source topic, and the epoch of its leader, where they are known', async () => {
    const { database, commit } = await setUp()
    const positions = [{ ...position(0, 4n), topicId: 'abc', leaderEpoch: 7 }]
    await commit(unitOf('0_0', 1n, { positions }))
    expect(await rowsOf(database, OFFSETS)).toEqual([['0_0', 'in', 0, 4n, 'abc', 7]])
  })

  test('of no units writes nothing', async () => {
    const { database, commit } = await setUp()
    const before = await rowsOf(database, TASKS)
    await commit()
    expect(await rowsOf(database, TASKS)).toEqual(before)
  })

  test('fences before any other statement', async () => {
    const { database, commit } = await setUp()
    await commit({
      ...unitWithOutbox('0_0', 1n, 1n),
      changes: [{ table: COUNTS, upserts: [count(0, 'a', 1)], deletes: [[0, 'b']] }],
    })
    expect(database.last[0]).toEqual({ method: 'updateWhere', table: TASKS.name })
  })

  test('hands its time bounds to the database', async () => {
    const { database } = await setUp()
    const bounds = { idleTimeoutMs: 5_000, statementTimeoutMs: 30_000 }
    await commitUnits(database, [unitOf('0_0', 1n)], bounds, silentTelemetry())
    expect(database.options.at(-1)).toEqual(bounds)
  })
})

describe('a commit of several tasks', () => {
  const changesOf = (partition: number) => [
    // A table of one's own, as every store has one.
    { table: { ...COUNTS }, upserts: [count(partition, 'a', 1)], deletes: [] },
  ]

  test('writes the rows of all of them', async () => {
    const { database, commit } = await setUp()
    await commit(
      unitOf('0_0', 1n, { changes: changesOf(0) }),
      unitOf('0_1', 1n, { changes: changesOf(1) }),
    )
    expect((await rowsOf(database, COUNTS)).map(([partition]) => partition)).toEqual([0, 1])
  })

  test('writes a table in one statement, whatever the number of tasks', async () => {
    const { database, commit } = await setUp()
    await commit(
      unitOf('0_0', 1n, { changes: changesOf(0) }),
      unitOf('0_1', 1n, { changes: changesOf(1) }),
    )
    expect(database.last.filter(({ table }) => table === COUNTS.name)).toHaveLength(1)
  })

  test('names exactly the tasks that are fenced', async () => {
    const { database, commit } = await setUp()
    await claim(database, ['0_1'], claimed)
    const failure: unknown = await commit(...TASK_IDS.map((id) => unitOf(id, 1n))).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(TasksFencedError)
    expect((failure as TasksFencedError).taskIds).toEqual(['0_1'])
  })

  test('a task without a claim row counts as fenced', async () => {
    const { commit } = await setUp()
    await expect(commit(unitOf('0_0', 1n), unitOf('7_7', 1n))).rejects.toMatchObject({
      code: 'TASKS_FENCED',
      taskIds: ['7_7'],
    })
  })
})
