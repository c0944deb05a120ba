import { describe, expect, test } from '@jest/globals'
import { ProcessingError } from '../../../src/errors/record-errors.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { FailurePolicy, type FailureHandlers } from '../../../src/runtime/task/failure-policy.ts'
import { Outgoing } from '../../../src/runtime/task/outgoing.ts'
import { TaskContext } from '../../../src/runtime/task/task-context.ts'
import type { TaskStore } from '../../../src/stores/task-store.ts'
import { TaskTimers } from '../../../src/stores/task-timers.ts'
import { TaskTimes } from '../../../src/stores/task-times.ts'
import { silentTelemetry } from '../../support/telemetry.ts'

function setUp(handlers: FailureHandlers = {}) {
  const telemetry = silentTelemetry()
  const outgoing = new Outgoing(new Map([['out', { partitions: 1, byOutbox: true }]]))
  const policy = new FailurePolicy(handlers, telemetry)
  const times = new TaskTimes('0_3', { getMany: async () => [], range: async () => [] })
  const stores = new Map<string, TaskStore>()
  const timers = new TaskTimers('0_3', { getMany: async () => [], range: async () => [] })
  const kept = { stores, times, timers, timestampAheadMsMax: Infinity }
  const parts = {
    applicationId: 'app',
    taskId: '0_3' as const,
    ...kept,
    outgoing,
    policy,
    telemetry,
  }
  const context = new TaskContext({ ...parts, findTopic: () => undefined, streamTime: -1 })
  context.comesFrom({ position: { topic: 'in', partition: 3, offset: 41n } })
  return { context, outgoing, telemetry }
}

const record = (bytes: number, headerBytes = 0) => ({
  topic: 'out',
  key: null,
  value: Buffer.alloc(bytes),
  timestamp: 0,
  headers: headerBytes > 0 ? [['h', Buffer.alloc(headerBytes)] as const] : NO_HEADERS,
})

function thrownBy(work: () => void): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a task’s context', () => {
  test('refuses a record that a broker would refuse: it would block the outbox for ever', () => {
    const { context, outgoing } = setUp()
    expect(() => context.send(record(1_000_001))).toThrow(
      expect.objectContaining({ code: 'SERIALIZATION_FAILED' }),
    )
    expect(outgoing.bytes).toBe(0)
  })

  test('takes a record of the largest size', () => {
    const { context, outgoing } = setUp()
    context.send(record(1_000_000))
    expect(outgoing.bytes).toBeGreaterThan(0)
  })

  test('counts the headers of a record', () => {
    const { context } = setUp()
    expect(() => context.send(record(10, 2_000_000))).toThrow(/limit/)
  })

  test('leaves a record that is too large out where the policy says so', () => {
    const { context, outgoing, telemetry } = setUp({ production: 'skip' })
    context.send(record(1_000_001))
    expect(outgoing.bytes).toBe(0)
    expect(telemetry.dropped).toHaveLength(1)
  })

  test('counts a dropped record and logs it with topic, partition and offset', () => {
    const { context, telemetry } = setUp()
    context.dropped('null-key', 'count')
    expect(telemetry.dropped).toEqual([
      { value: 1, attributes: { reason: 'null-key', node: 'count' } },
    ])
    expect(telemetry.lines[0]).toMatchObject({
      fields: { topic: 'in', partition: 3, offset: 41n, task: '0_3' },
    })
  })

  test('names record and task in what a user’s function threw', () => {
    const { context } = setUp()
    const cause = new TypeError('boom')
    const error = thrownBy(() => context.failed(cause, 'map', 'processing', record(1)))
    expect(error).toBeInstanceOf(ProcessingError)
    expect(error).toMatchObject({ cause, taskId: '0_3', position: { offset: 41n } })
    expect((error as Error).message).toMatch(/map.*boom.*in-3@41/)
  })

  test('gives an error of the library its place and passes it on', () => {
    const { context } = setUp()
    const own = new ProcessingError('inner', 'x')
    expect(thrownBy(() => context.failed(own, 'map', 'processing', record(1)))).toBe(own)
    expect(own.position?.offset).toBe(41n)
  })

  test('has no store that its sub-topology does not have', () => {
    expect(() => setUp().context.store('nope')).toThrow(/nope/)
  })
})
