import { describe, expect, test } from '@jest/globals'
import { DeserializationError } from '../../../src/errors/record-errors.ts'
import { FailurePolicy, type FailureHandlers } from '../../../src/runtime/task/failure-policy.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

const position = { topic: 'in', partition: 3, offset: 41n }
const poison = () => new DeserializationError('value', 'poison', { position })

function policyOf(handlers: FailureHandlers) {
  const telemetry = silentTelemetry()
  return { policy: new FailurePolicy(handlers, telemetry), telemetry }
}

describe('the failure policy', () => {
  test.each(['deserialization', 'processing', 'production'] as const)(
    'stops at a failure of %s unless told otherwise',
    (phase) => {
      const error = poison()
      expect(() => policyOf({}).policy.decide(phase, error)).toThrow(error)
    },
  )

  test('returns where the record is to be skipped', () => {
    const { policy } = policyOf({ processing: 'skip' })
    expect(() => policy.decide('processing', poison())).not.toThrow()
  })

  test('decides each phase by itself', () => {
    const { policy } = policyOf({ processing: 'skip' })
    expect(() => policy.decide('production', poison())).toThrow()
  })

  test('a skipped record is counted and logged with topic, partition and offset', () => {
    const { policy, telemetry } = policyOf({ deserialization: 'skip' })
    policy.decide('deserialization', poison())
    expect(telemetry.dropped).toEqual([
      { value: 1, attributes: { reason: 'DESERIALIZATION_FAILED' } },
    ])
    expect(telemetry.lines).toMatchObject([
      { level: 'warn', fields: { topic: 'in', partition: 3, offset: 41n } },
    ])
    expect(telemetry.lines[0]?.message).toContain('in-3@41')
  })

  test('a record that stops the application is not counted as dropped', () => {
    const { policy, telemetry } = policyOf({})
    expect(() => policy.decide('processing', poison())).toThrow()
    expect(telemetry.dropped).toEqual([])
  })

  test('asks a function, which knows the error', () => {
    const { policy } = policyOf({
      processing: ({ code }) => (code === 'DESERIALIZATION_FAILED' ? 'skip' : 'fail'),
    })
    expect(() => policy.decide('processing', poison())).not.toThrow()
  })

  test('stops when the function says so', () => {
    const error = poison()
    expect(() => policyOf({ processing: () => 'fail' }).policy.decide('processing', error)).toThrow(
      error,
    )
  })
})
