import { describe, expect, test } from '@jest/globals'
import { TIMERS } from '../../../src/commit/system-tables.ts'
import { TaskTimers } from '../../../src/stores/task-timers.ts'
import type { Timer } from '../../../src/stores/contract/timers.ts'
import { emptyDatabase } from '../../support/memory-state.ts'

/** The timers of a task whose only node keeps what it is told. */
async function open() {
  const told: Timer[] = []
  const database = await emptyDatabase()
  const timers = new TaskTimers('0_0', database)
  const node = timers.of('node', (timer) => void told.push(timer))
  return { told, timers, node }
}

describe('a timer that is due', () => {
  test('is taken once', async () => {
    const { timers, node } = await open()
    node.set('a', 5)
    expect(timers.takeDue('stream-time', 4)).toBeUndefined()
    expect(timers.takeDue('stream-time', 5)?.timer).toMatchObject({ key: 'a', at: 5 })
    expect(timers.takeDue('stream-time', 5)).toBeUndefined()
    expect(node.get('a')).toBeUndefined()
  })

  test('goes from the table with the unit in which it was taken', async () => {
    const { timers, node } = await open()
    node.set('a', 5)
    expect(timers.seal().changes).toEqual({
      table: TIMERS,
      upserts: [['0_0', 'node', 'a', 'stream-time', 5n]],
      deletes: [],
    })
    timers.takeDue('stream-time', 5)
    expect(timers.seal().changes).toEqual({
      table: TIMERS,
      upserts: [],
      deletes: [['0_0', 'node', 'a']],
    })
  })

  test('and is set again by whom it tells stays, for its new time', async () => {
    const { timers, node } = await open()
    node.set('a', 5)
    timers.takeDue('stream-time', 5)
    node.set('a', 9)
    expect(timers.takeDue('stream-time', 5)).toBeUndefined()
    expect(timers.seal().changes).toMatchObject({ deletes: [] })
    expect(node.get('a')).toMatchObject({ at: 9 })
  })
})
