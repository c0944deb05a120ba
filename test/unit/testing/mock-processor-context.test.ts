import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { MockProcessorContext } from '../../../src/testing/mock-processor-context.ts'
import type { Processor } from '../../../src/topology/processor/processor.ts'
import { stores } from '../../../src/topology/processor/store-builder.ts'

const { string, double } = serdes
const totals = stores.keyValue({ name: 'totals', key: string, value: double })
const recent = stores.window({
  ...{ name: 'recent', key: string, value: double, windowSizeMs: 10, retentionMs: 10 },
})

/** Adds up, tells every 10 ms, and asks for a commit at 100. */
class Totals implements Processor<string, number, string, number> {
  init(context: MockProcessorContext<string, number>) {
    const ticks = context.schedule(10, 'wall-clock', (timestamp) => {
      context.forward({ key: 'tick', value: timestamp, timestamp, headers: NO_HEADERS }, 'ticks')
      if (timestamp > 10) ticks.cancel()
    })
  }

  async process(
    record: { key: string; value: number; timestamp: number; headers: typeof NO_HEADERS },
    context: MockProcessorContext<string, number>,
  ) {
    const total = ((await context.store(totals).get(record.key)) ?? 0) + record.value
    context.store(totals).put(record.key, total)
    await context.store(recent).put(record.key, total, context.currentStreamTimeMs)
    context.timers.set(record.key, record.timestamp + 5)
    if (total >= 100) context.commit()
    context.forward({ ...record, value: total })
  }
}

let context: MockProcessorContext<string, number>
beforeEach(async () => {
  context = await MockProcessorContext.open({ stores: [totals, recent], taskId: '1_2' })
})
afterEach(() => context.close())
const record = (value: number) => ({ key: 'a', value, timestamp: 3, headers: NO_HEADERS })

test('what a processor forwards is remembered until it is reset', async () => {
  const processor = new Totals()
  await processor.process(record(1), context)
  await processor.process(record(2), context)
  expect(context.forwarded).toEqual([{ record: record(1) }, { record: record(3) }])
  context.resetForwards()
  expect(context.forwarded).toEqual([])
})

test('its stores hold what it puts', async () => {
  context.currentStreamTimeMs = 7
  await new Totals().process(record(4), context)
  expect(await context.store(totals).get('a')).toBe(4)
  expect(await context.store(recent).fetch('a', 7)).toBe(4)
  expect(() => context.store('others')).toThrow(
    'node the processor under test uses the store others, which is not attached to it',
  )
})

test('a commit is only noted', async () => {
  await new Totals().process(record(99), context)
  expect(context.isCommitRequested).toBe(false)
  await new Totals().process(record(1), context)
  expect(context.isCommitRequested).toBe(true)
  context.resetCommit()
  expect(context.isCommitRequested).toBe(false)
})

test('schedules are called by the test alone', async () => {
  new Totals().init(context)
  const [ticks] = context.scheduledPunctuators
  expect(ticks).toMatchObject({ intervalMs: 10, type: 'wall-clock', isCancelled: false })
  await ticks!.punctuate(10)
  await ticks!.punctuate(20)
  expect(context.forwarded.map(({ record: { value }, child }) => [value, child])).toEqual([
    [10, 'ticks'],
    [20, 'ticks'],
  ])
  expect(ticks!.isCancelled).toBe(true)
})

test('timers can be looked at', async () => {
  await new Totals().process(record(1), context)
  expect(context.timers.get('a')).toEqual({ key: 'a', at: 8, type: 'stream-time' })
  expect(context.timers.delete('a')).toBe(true)
  expect(context.timers.get('a')).toBeUndefined()
  expect(() => context.timers.set('a', 0.5)).toThrow(TypeError)
})

test('what it is told of the task is what the test says', () => {
  context.recordMetadata = { topic: 'in', partition: 2, offset: 5n }
  context.currentSystemTimeMs = 9
  expect(context.taskId).toBe('1_2')
  expect(context.applicationId).toBe('test')
  expect([context.currentSystemTimeMs, context.recordMetadata.offset]).toEqual([9, 5n])
})

test('a record with a negative time cannot be forwarded', () => {
  expect(() => context.forward({ ...record(1), timestamp: -1 })).toThrow(TypeError)
})
