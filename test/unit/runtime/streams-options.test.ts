import { describe, expect, test } from '@jest/globals'
import { resolveOptions, type StreamsOptions } from '../../../src/runtime/streams-options.ts'

const walls = { kafka: { name: 'k' } as never, database: { name: 'd' } as never }
const resolve = (options: Partial<StreamsOptions> = {}) =>
  resolveOptions({ applicationId: 'word-count', ...walls, ...options })

describe('options', () => {
  test('have the defaults that are documented', () => {
    expect(resolve()).toMatchObject({
      processingGuarantee: 'exactly_once',
      commitIntervalMsMax: 1_000,
      sessionTimeoutMs: 10_000,
      onError: {},
      onOffsetOutOfRange: 'fail',
      cacheBytesMax: 100_663_296,
      handOverTimeoutMs: 1_000,
      taskTimeoutMs: 300_000,
      repartitionPurgeIntervalMs: 30_000,
    })
  })

  test('make the schema from the application id', () => {
    expect(resolve({ applicationId: 'my-word-count' }).schema).toBe('my_word_count')
  })

  test('keep what was given', () => {
    const given = {
      schema: 'mine',
      processingGuarantee: 'at_least_once',
      taskTimeoutMs: 1,
    } as const
    expect(resolve(given)).toMatchObject(given)
  })

  test.each(['a', 'a.b_c-D9', 'x'.repeat(200)])('take the application id %s', (applicationId) => {
    expect(resolve({ applicationId }).applicationId).toBe(applicationId)
  })

  test.each(['', 'a b', 'a/b', 'ä', 'x'.repeat(201), 'a\n'])(
    'refuse the application id %j',
    (applicationId) => {
      expect(() => resolve({ applicationId })).toThrow(
        expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
      )
    },
  )

  test.each([
    'commitIntervalMsMax',
    'sessionTimeoutMs',
    'heartbeatIntervalMs',
    'cacheBytesMax',
    'handOverTimeoutMs',
    'taskTimeoutMs',
    'repartitionPurgeIntervalMs',
  ] as const)('refuse a %s that is not positive, and name it', (name) => {
    for (const value of [0, -1, NaN, Infinity])
      expect(() => resolve({ [name]: value })).toThrow(new RegExp(name))
  })

  test.each([10_000, 20_000])(
    'refuse a heartbeat every %i ms in a session of ten seconds',
    (ms) => {
      expect(() => resolve({ heartbeatIntervalMs: ms })).toThrow(
        `heartbeatIntervalMs, ${ms}, must be less than sessionTimeoutMs, 10000`,
      )
    },
  )

  test('refuse a decision about offsets that there is not', () => {
    const onOffsetOutOfRange = 'none' as 'fail'
    expect(() => resolve({ onOffsetOutOfRange })).toThrow(/onOffsetOutOfRange must be 'fail'/)
  })

  test('refuse a processing guarantee that there is not', () => {
    expect(() => resolve({ processingGuarantee: 'exactly_once_v2' as never })).toThrow(
      /processingGuarantee/,
    )
  })
})
