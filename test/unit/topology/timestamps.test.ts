import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TimestampExtractor } from '../../../src/topology/processing/functions.ts'
import {
  failOnInvalidTimestamp,
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
  wallclockTimestampExtractor,
} from '../../../src/topology/processing/timestamp-extractors.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { ToyApplication } from './support/toy-application.ts'

const { string } = serdes

function applicationWith(timestampExtractor: TimestampExtractor<string, string>): ToyApplication {
  const builder = new StreamsBuilder()
  builder.stream('in', { key: string, value: string, timestampExtractor, name: 'source' }).to('out')
  return new ToyApplication(builder.build())
}

async function timesOf(application: ToyApplication, times: readonly number[]): Promise<number[]> {
  for (const time of times) await application.pipe('in', ['a', 'x', time])
  await application.commit()
  return application.read('out', string, string).map(([, , timestamp]) => timestamp)
}

test('a record to which its extractor gives a negative time is left out and counted', async () => {
  const application = applicationWith(logAndSkipOnInvalidTimestamp)
  expect(await timesOf(application, [5, -1, 3])).toEqual([5, 3])
  expect(application.context.drops).toEqual([['negative-timestamp', 'source']])
})

test('the default extractor refuses a negative time', async () => {
  const application = applicationWith(failOnInvalidTimestamp)
  await expect(timesOf(application, [5, -1])).rejects.toMatchObject({ code: 'INVALID_TIMESTAMP' })
})

test('the highest time of the partition stands in for a negative one', async () => {
  const application = applicationWith(usePartitionTimeOnInvalidTimestamp)
  expect(await timesOf(application, [5, 3, -1, 7, -1])).toEqual([5, 3, 5, 7, 7])
})

test('without a time of the partition a negative one is an INVALID_TIMESTAMP', async () => {
  const application = applicationWith(usePartitionTimeOnInvalidTimestamp)
  await expect(timesOf(application, [-1])).rejects.toMatchObject({ code: 'INVALID_TIMESTAMP' })
})

test('the time of the partition is kept up to the last record that is processed', async () => {
  const application = applicationWith(usePartitionTimeOnInvalidTimestamp)
  await timesOf(application, [5, 3])
  const kept = application.context.times.get('partition time of in')
  expect(kept).toEqual({ value: 5 })
})

test('a record may have the time at which it is read', async () => {
  const application = applicationWith(wallclockTimestampExtractor)
  application.context.wallClock = 42
  expect(await timesOf(application, [5, -1])).toEqual([42, 42])
})

test('a record that is dropped does not move the time of its partition', async () => {
  const application = applicationWith(({ timestamp, partitionTime, value }) =>
    value === 'late' ? -1 : Math.max(timestamp, partitionTime),
  )
  await application.pipe('in', ['a', 'late', 100])
  expect(await timesOf(application, [5])).toEqual([5])
})

test.each([
  ['more than a date can hold', 8.64e15 + 1],
  ['nanoseconds', 1_764_000_000_000_000_000],
])('a time of %s is refused, whatever the extractor', async (_, time) => {
  for (const extractor of [failOnInvalidTimestamp, usePartitionTimeOnInvalidTimestamp]) {
    const application = applicationWith(extractor)
    await expect(timesOf(application, [time])).rejects.toMatchObject({ code: 'INVALID_TIMESTAMP' })
  }
})

test.each([1.5, Infinity, -1.5])('an extractor may not give %d', async (time) => {
  const application = applicationWith(() => time)
  await expect(timesOf(application, [5])).rejects.toMatchObject({ code: 'INVALID_TIMESTAMP' })
})
