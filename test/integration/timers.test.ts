import { afterEach, expect, test } from '@jest/globals'
import { NO_HEADERS } from '../../src/model/headers.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import type { Processor } from '../../src/topology/processor/processor.ts'
import { systemClock } from '../../src/telemetry/clock.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { TestApplication } from './support/test-application.ts'

let app: TestApplication | undefined
afterEach(() => app?.remove())

const { string } = serdes
const HOUR_MS = 3_600_000

/** Tells a minute later, by stream time, that an order was there; with `long`, by the clock, an hour later. */
const reminder = (): Processor<string, string> => ({
  process: ({ key, value, timestamp }, { timers, currentSystemTimeMs }) =>
    value === 'long'
      ? timers.set(`${key} – long`, currentSystemTimeMs + HOUR_MS, 'wall-clock')
      : timers.set(key, timestamp + 60_000),
  onTimer: ({ key, at, type }, context) =>
    context.forward({ key, value: type, timestamp: at, headers: NO_HEADERS }),
})

function topology(input: string, output: string) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string, value: string })
    .process({ get: reminder }, { name: 'reminder' })
    .to(output, { key: string, value: string })
  return builder.build()
}

test('timers outlive the instance that set them, and come once', async () => {
  app = new TestApplication(topology, { partitions: 1 })
  await app.createTopics()
  await app.write([
    { key: 'a', value: 'x', timestamp: 1_000 },
    { key: 'b', value: 'x', timestamp: 2_000 },
    { key: 'c', value: 'long', timestamp: 2_000 },
  ])
  expect(await app.run()).toBeUndefined()
  await app.write([{ key: 'd', value: 'x', timestamp: 61_500 }])
  expect(await app.run()).toBeUndefined()
  await app.write([{ key: 'e', value: 'x', timestamp: 90_000 }])
  const { sleep } = systemClock
  const clock = { now: () => Date.now() + HOUR_MS, sleep }
  expect(await app.run({ clock })).toBeUndefined()
  const told = (await app.read(app.output)).map(({ key, value }) =>
    [key, value].map((bytes) => Buffer.from(bytes ?? []).toString()).join(': '),
  )
  expect(told.toSorted()).toEqual(['a: stream-time', 'b: stream-time', 'c – long: wall-clock'])
})
