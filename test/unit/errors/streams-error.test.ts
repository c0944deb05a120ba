import { describe, expect, test } from '@jest/globals'
import { ProcessingError } from '../../../src/errors/record-errors.ts'
import { StreamsError } from '../../../src/errors/streams-error.ts'

const position = { topic: 'in', partition: 0, offset: 41n }

describe('a StreamsError', () => {
  test('names its record in the message', () => {
    const error = new ProcessingError('map', 'boom', { position })
    expect(error.message).toBe('node map failed: boom (at in-0@41)')
  })

  test('can be given its place later', () => {
    const error = new ProcessingError('map', 'boom').at(position, '0_0')
    expect(error.message).toContain('(at in-0@41)')
    expect(error).toMatchObject({ position, taskId: '0_0' })
  })

  test('keeps the place that it has', () => {
    const error = new ProcessingError('map', 'boom', { position, taskId: '0_0' })
    error.at({ ...position, offset: 99n }, '9_9')
    expect(error.message).not.toContain('99')
    expect(error).toMatchObject({ position, taskId: '0_0' })
  })

  test('keeps its cause', () => {
    const cause = new TypeError('boom')
    expect(new ProcessingError('map', 'boom', { cause }).cause).toBe(cause)
  })

  test('of another copy of the package is recognised', () => {
    const foreign = { [Symbol.for('rowstream.StreamsError')]: true, code: 'X' }
    expect(StreamsError.is(foreign)).toBe(true)
  })

  test.each([new TypeError('x'), null, undefined, 'text', {}])('is not %p', (value) => {
    expect(StreamsError.is(value)).toBe(false)
  })
})
