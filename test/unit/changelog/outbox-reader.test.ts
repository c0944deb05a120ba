import { describe, expect, test } from '@jest/globals'
import { outboxRows, readOutbox } from '../../../src/changelog/outbox-reader.ts'
import { claim } from '../../../src/commit/claim.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import type { CommitUnit } from '../../../src/commit/commit-unit.ts'
import { encodeOutbox } from '../../../src/commit/outbox-codec.ts'
import type { TaskId } from '../../../src/model/task-id.ts'
import {
  databaseFor,
  NO_BOUNDS,
  encoded,
  valuesOf,
  position,
  unitOf,
  unitWithOutbox,
} from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const TASK_IDS: readonly TaskId[] = ['0_0', '0_1']

async function outboxOf(...units: CommitUnit[]) {
  const database = await databaseFor(TASK_IDS)
  await claim(database, TASK_IDS, { instance: 'me', bounds: NO_BOUNDS })
  for (const unit of units) await commitUnits(database, [unit], NO_BOUNDS, silentTelemetry())
  return database
}

/** A batch of so many parts, one record each. */
function splitUnit(sequence: bigint, parts: number): CommitUnit {
  const names = Array.from({ length: parts }, (_, part) => `${sequence}/${part}`)
  const encodedParts = names.flatMap((name) => encodeOutbox(encoded(name)))
  return unitOf('0_0', 1n, { sequence, outbox: { sequence, parts: encodedParts } })
}

describe('reading an outbox', () => {
  test('gives the batches of one task after a sequence, in order', async () => {
    const units = [1n, 2n, 3n].map((sequence) => unitWithOutbox('0_0', 1n, sequence))
    const database = await outboxOf(...units, unitWithOutbox('0_1', 1n, 1n))
    const batches = await readOutbox(database, '0_0', 1n)
    expect(batches.map(({ taskId, sequence }) => [taskId, sequence])).toEqual([
      ['0_0', 2n],
      ['0_0', 3n],
    ])
  })

  test('gives the records and source positions of the commit that made them', async () => {
    const unit = unitWithOutbox('0_0', 1n, 1n, ['a', 'b'])
    const positions = [position(0, 2n ** 60n)]
    const database = await outboxOf({ ...unit, positions })
    const [batch] = await readOutbox(database, '0_0', 0n)
    expect(valuesOf(batch!)).toEqual(['a', 'b'])
    expect(batch?.positions).toEqual(positions)
  })

  test('of a task that has none gives none', async () => {
    expect(await readOutbox(await outboxOf(), '0_0', 0n)).toEqual([])
  })

  test('puts the parts of a split batch together, in order, and names all its rows', async () => {
    const database = await outboxOf(splitUnit(1n, 3))
    const [batch] = await readOutbox(database, '0_0', 0n)
    expect([valuesOf(batch!)]).toEqual([['1/0', '1/1', '1/2']])
    expect(batch?.rows.map(({ part }) => part)).toEqual([0, 1, 2])
  })

  test.each([63, 64, 65, 128, 129, 200])('reads %d batches, each once', async (count) => {
    const units = Array.from({ length: count }, (_, i) => unitWithOutbox('0_0', 1n, BigInt(i + 1)))
    const batches = await readOutbox(await outboxOf(...units), '0_0', 0n)
    expect(batches.map(({ sequence }) => Number(sequence))).toEqual(
      Array.from({ length: count }, (_, i) => i + 1),
    )
  })

  // 64 rows are a page: the last batch of it may go on behind it.
  test.each([
    [62, 3],
    [63, 2],
    [61, 3],
    [1, 64],
    [0, 64],
    [0, 150],
  ])('keeps a batch whole after %d others, in %d parts', async (before, parts) => {
    const others = Array.from({ length: before }, (_, i) =>
      unitWithOutbox('0_0', 1n, BigInt(i + 1)),
    )
    const split = splitUnit(BigInt(before + 1), parts)
    const after = unitWithOutbox('0_0', 1n, BigInt(before + 2))
    const batches = await readOutbox(await outboxOf(...others, split, after), '0_0', 0n)
    expect(batches.map(({ rows }) => rows.length)).toEqual([...others.map(() => 1), parts, 1])
    expect(new Set(batches.map(({ sequence }) => sequence)).size).toBe(batches.length)
  })

  test('as keys gives every row without its records', async () => {
    const database = await outboxOf(splitUnit(1n, 2), unitWithOutbox('0_0', 1n, 2n))
    expect(await outboxRows(database, '0_0')).toEqual([
      { sequence: 1n, part: 0, isReplayed: false },
      { sequence: 1n, part: 1, isReplayed: false },
      { sequence: 2n, part: 0, isReplayed: false },
    ])
  })
})
