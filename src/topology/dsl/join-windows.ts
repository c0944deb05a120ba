import type { JoinWindows } from '../nodes/stream-join-node.ts'
import { checkWord } from './check-word.ts'
import type { JoinWindowOptions } from './dsl.ts'

/** @throws TypeError unless they are whole milliseconds, the window does not end before it begins, and grace is not negative. */
export function toJoinWindows({
  beforeMs,
  afterMs,
  graceMs = 0,
  lateRecords = 'joined',
}: JoinWindowOptions): JoinWindows {
  for (const [name, ms] of Object.entries({ beforeMs, afterMs, graceMs }))
    if (!Number.isSafeInteger(ms))
      throw new TypeError(`${name} of a join has to be whole milliseconds, not ${ms}`)
  if (beforeMs + afterMs < 0)
    throw new TypeError(
      `beforeMs ${beforeMs} and afterMs ${afterMs} of a join leave no time between`,
    )
  checkWord('lateRecords of a join', lateRecords, ['joined', 'dropped'])
  if (graceMs < 0) throw new TypeError(`graceMs of a join must not be negative, as ${graceMs} is`)
  return Object.freeze({ beforeMs, afterMs, graceMs })
}
