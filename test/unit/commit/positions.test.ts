import { expect, test } from '@jest/globals'
import { claim } from '../../../src/commit/claim.ts'
import { commitBounds } from '../../../src/commit/commit-bounds.ts'
import { commitUnits } from '../../../src/commit/commit-units.ts'
import { readPositions } from '../../../src/commit/positions.ts'
import { databaseFor, NO_BOUNDS, position, unitOf } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

test('a task resumes at the positions of its last commit, every partition of it', async () => {
  const database = await databaseFor(['0_1', '0_11'])
  await claim(database, ['0_1', '0_11'], { instance: 'me', bounds: NO_BOUNDS })
  const positions = [position(1, 7n, 'a'), { ...position(1, 3n, 'b'), topicId: 'id-of-b' }]
  const units = [
    unitOf('0_1', 1n, { positions }),
    unitOf('0_11', 1n, { positions: [position(11, 9n)] }),
  ]
  await commitUnits(database, units, NO_BOUNDS, silentTelemetry())
  expect(await readPositions(database, '0_1')).toEqual(positions)
})

test.each([2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n])(
  'the offset %d is kept exactly',
  async (nextOffset) => {
    const database = await databaseFor(['0_0'])
    await claim(database, ['0_0'], { instance: 'me', bounds: NO_BOUNDS })
    const positions = [position(0, nextOffset)]
    await commitUnits(database, [unitOf('0_0', 1n, { positions })], NO_BOUNDS, silentTelemetry())
    expect(await readPositions(database, '0_0')).toEqual(positions)
  },
)

test('a task has no positions before its first commit', async () => {
  expect(await readPositions(await databaseFor(['0_0']), '0_0')).toEqual([])
})

test('a frozen commit loses its row within half the session timeout', () => {
  expect(commitBounds(10_000).commit.idleTimeoutMs).toBe(5_000)
})

test('a claim does not wait longer than its session for a row that another holds', () => {
  expect(commitBounds(10_000).claim.lockTimeoutMs).toBeLessThan(10_000)
})
