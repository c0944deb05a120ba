import { describe, expect, test } from '@jest/globals'
import { inSpan } from '../../../src/telemetry/spans.ts'
import { createTelemetry, reach } from '../../../src/telemetry/telemetry.ts'
import { systemClock } from '../../../src/telemetry/clock.ts'
import { deferred } from '../../support/deferred.ts'
import { recordingLogger, signalsAt } from '../../support/telemetry.ts'
import { turns } from '../../support/turns.ts'

describe('telemetry', () => {
  test('takes the machine’s clock unless it is given one', () => {
    expect(createTelemetry().clock).toBe(systemClock)
  })

  test('counts without an OpenTelemetry SDK: nothing happens', () => {
    const { instruments } = createTelemetry({ logger: recordingLogger().logger })
    expect(() => instruments.commits.add(1, { application: 'a' })).not.toThrow()
  })

  test('waits at a point where a test stops it, and nowhere else', async () => {
    const gate = deferred()
    const telemetry = createTelemetry({ signals: signalsAt('fenced', () => gate.promise) })
    await reach(telemetry, 'claimed')
    let isPast = false
    const past = reach(telemetry, 'fenced').then(() => (isPast = true))
    await turns(3)
    expect(isPast).toBe(false)
    gate.resolve()
    await past
  })

  test('a span passes on what its work answers', async () => {
    await expect(inSpan('work', {}, () => Promise.resolve(7))).resolves.toBe(7)
  })

  test('a span passes on what its work throws', async () => {
    const error = new TypeError('boom')
    await expect(inSpan('work', {}, () => Promise.reject(error))).rejects.toBe(error)
  })
})
