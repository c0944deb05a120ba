import { describe, expect, test } from '@jest/globals'
import { UnexpectedError } from '../../../src/errors/unexpected-error.ts'
import { Lifecycle, type StreamsState } from '../../../src/runtime/lifecycle.ts'

const STATES: readonly StreamsState[] = [
  'created',
  'starting',
  'rebalancing',
  'running',
  'stopping',
  'stopped',
  'failed',
]
/** One way to each state. */
const WAY: Readonly<Record<StreamsState, readonly StreamsState[]>> = {
  created: [],
  starting: ['starting'],
  rebalancing: ['starting', 'rebalancing'],
  running: ['starting', 'rebalancing', 'running'],
  stopping: ['starting', 'stopping'],
  stopped: ['stopped'],
  failed: ['starting', 'failed'],
}
const ALLOWED: Readonly<Record<StreamsState, string>> = {
  created: 'starting stopped',
  starting: 'rebalancing stopping failed',
  rebalancing: 'running stopping failed',
  running: 'rebalancing stopping failed',
  stopping: 'stopped failed',
  stopped: '',
  failed: '',
}

function lifecycleIn(state: StreamsState): Lifecycle {
  const lifecycle = new Lifecycle()
  for (const next of WAY[state]) lifecycle.become(next)
  return lifecycle
}

describe('a lifecycle', () => {
  test.each(STATES)('that is %s can become exactly what the table says', (state) => {
    const possible = STATES.filter((next) => lifecycleIn(state).canBecome(next))
    expect(possible.toSorted()).toEqual(ALLOWED[state].split(' ').filter(Boolean).toSorted())
  })

  test('refuses another step, and stays what it is', () => {
    const lifecycle = lifecycleIn('running')
    expect(() => lifecycle.become('starting')).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
    )
    expect(lifecycle.state).toBe('running')
  })

  test('is over once it is stopped or has failed', () => {
    expect(STATES.filter((state) => lifecycleIn(state).isOver)).toEqual(['stopped', 'failed'])
  })

  test('tells every listener of each change, and of the error', () => {
    const lifecycle = new Lifecycle()
    const heard: unknown[][] = []
    lifecycle.onChange((state, error) => void heard.push(['first', state, error]))
    lifecycle.onChange((state, _, previous) => void heard.push(['second', state, previous]))
    const error = new UnexpectedError('why')
    lifecycle.become('starting')
    lifecycle.become('failed', error)
    expect(heard).toEqual([
      ['first', 'starting', undefined],
      ['second', 'starting', 'created'],
      ['first', 'failed', error],
      ['second', 'failed', 'starting'],
    ])
  })

  test('a listener that throws does not keep the news from others', () => {
    const lifecycle = new Lifecycle()
    const heard: StreamsState[] = []
    lifecycle.onChange(() => {
      throw new TypeError('a user’s mistake')
    })
    lifecycle.onChange((state) => void heard.push(state))
    lifecycle.become('starting')
    expect(heard).toEqual(['starting'])
  })
})
