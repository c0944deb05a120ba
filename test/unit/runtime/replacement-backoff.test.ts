import { expect, test } from '@jest/globals'
import { ReplacementBackoff } from '../../../src/runtime/replacement-backoff.ts'
import { EagerClock } from '../../support/manual-clock.ts'

const DOUBLED = [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000]

async function replace(backoff: ReplacementBackoff, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await backoff.wait()
}

test('workers that fail at once are replaced less and less often, each second in the end', async () => {
  const clock = new EagerClock()
  await replace(new ReplacementBackoff(clock, new AbortController().signal), DOUBLED.length)
  expect(clock.asked).toEqual(DOUBLED)
})

test('a worker that has lived for a minute is replaced at once again', async () => {
  const clock = new EagerClock()
  const backoff = new ReplacementBackoff(clock, new AbortController().signal)
  await replace(backoff, 3)
  clock.advance(59_999)
  await replace(backoff, 1)
  clock.advance(60_000)
  await replace(backoff, 2)
  expect(clock.asked).toEqual([10, 20, 40, 80, 10, 20])
})

test('nobody waits once the application is over', async () => {
  const clock = new EagerClock()
  await replace(new ReplacementBackoff(clock, AbortSignal.abort()), 3)
  expect(clock.asked).toEqual([])
})
