import { describe, expect, test } from '@jest/globals'
import { claim, release, type Claim } from '../../../src/commit/claim.ts'
import { awaitRelease } from '../../../src/rebalance/take-over.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { databaseFor, NO_BOUNDS } from '../../support/memory-state.ts'
import { silentTelemetry } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'

interface SetUp {
  readonly claimed?: boolean
  readonly isMember?: (instance: string) => boolean
  /** Who waits; the claims are of `old`. */
  readonly self?: string
}

const everybody = () => true

async function setUp({ claimed = true, isMember = everybody, self = 'new' }: SetUp = {}) {
  const database = await databaseFor(['0_0', '0_1'])
  const taskIds = ['0_0', '0_1'] as const
  let claims: Claim[] = []
  if (claimed) claims = await claim(database, taskIds, { instance: 'old', bounds: NO_BOUNDS })
  const clock = new ManualClock()
  const bounds = { claim: NO_BOUNDS, commit: NO_BOUNDS }
  const telemetry = silentTelemetry({ clock })
  const context = { database, kafka: undefined as never, instance: self, bounds, telemetry }
  const abort = new AbortController()
  let isOver = false
  const waiting = { timeoutMs: 1_000, isMember, signal: abort.signal }
  const over = awaitRelease(context, taskIds, waiting).then(() => (isOver = true))
  const look = async () => {
    await until('the next look', () => clock.sleeping > 0 || isOver)
    clock.advance(5)
    await turns(5)
    return isOver
  }
  return { database, claims, clock, abort, over, look }
}

describe('waiting for a release', () => {
  test('is not needed where nobody owns the tasks', async () => {
    const { over, clock } = await setUp({ claimed: false })
    await over
    expect(clock.asked).toEqual([])
  })

  test('is not needed where their owner is no member of the group', async () => {
    const { over, clock } = await setUp({ isMember: (instance) => instance !== 'old' })
    await over
    expect(clock.asked).toEqual([])
  })

  test('is not needed where one owns them oneself', async () => {
    const { over, clock } = await setUp({ self: 'old' })
    await over
    expect(clock.asked).toEqual([])
  })

  test('ends when all tasks are released', async () => {
    const { database, claims, over, look } = await setUp()
    await release(database, claims.slice(0, 1), NO_BOUNDS)
    expect(await look()).toBe(false)
    await release(database, claims, NO_BOUNDS)
    await look()
    await over
  })

  test('ends at the deadline: a hung owner never answers', async () => {
    const { clock, over, look } = await setUp()
    expect(await look()).toBe(false)
    clock.advance(1_000)
    await over
  })

  test('ends when there is another assignment', async () => {
    const { abort, over, look } = await setUp()
    expect(await look()).toBe(false)
    abort.abort()
    await over
  })
})
