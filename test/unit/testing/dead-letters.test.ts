import { expect, test } from '@jest/globals'
import type { Headers } from '../../../src/model/headers.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { memoryKafka } from '../../../src/testing/memory.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import { openDriver } from './support/open-driver.ts'

const { string, bytes } = serdes
const LETTERS = { onError: 'dead-letter', deadLetterQueueTopic: 'dlq' } as const
const boom = new RangeError('boom')

/** `bad` fails at a function, `unwritable` at the sink; whatever comes is counted, and shifted in time for `late`. */
function topology() {
  const builder = new StreamsBuilder()
  const input = builder.stream('in', { key: string, value: string })
  input.groupByKey().count({ store: 'counts' })
  input
    .process((record, context) =>
      context.forward({
        ...record,
        timestamp: record.value === 'bad' ? record.timestamp + 5 : record.timestamp,
        headers: [...record.headers, ['seen', Buffer.from('yes')]],
      }),
    )
    .mapValues((value) => {
      if (value === 'bad') throw boom
      return value === 'unwritable' ? '\ud800' : value
    })
    .to('out', { key: string, value: string })
  return builder.build()
}

async function open(options: TopologyTestDriverOptions = {}) {
  const driver = await openDriver(topology(), { ...LETTERS, ...options })
  return {
    driver,
    input: driver.createInputTopic('in', { key: string, value: bytes }),
    output: driver.createOutputTopic('out', { key: string, value: string }),
    letters: driver.createOutputTopic('dlq', { key: string, value: bytes }),
  }
}

function textOf(headers: Headers): Record<string, string | null> {
  return Object.fromEntries(
    headers.map(([name, value]) => [name, value === null ? null : Buffer.from(value).toString()]),
  )
}

const UNREADABLE = Uint8Array.of(0xff)

test.each([
  ['cannot be read', UNREADABLE, 7, 'the value cannot be read', undefined],
  ['fails', Buffer.from('bad'), 12, 'boom', 'yes'],
  ['cannot be written', Buffer.from('unwritable'), 7, 'the value for topic out', 'yes'],
])('a record that %s is a letter as it was read', async (_, value, timestamp, message, seen) => {
  const { driver, input, output, letters } = await open()
  const headers: Headers = [['h', Buffer.from('1')]]
  await input.pipeInput({ key: 'a', value: Buffer.from('good'), timestamp: 6 })
  await input.pipeInput({ key: 'a', value, timestamp: 7, headers })
  const [letter, ...more] = letters.readRecords()
  expect(more).toEqual([])
  expect(letter).toMatchObject({ key: 'a', timestamp })
  expect(Buffer.from(letter!.value!)).toEqual(Buffer.from(value))
  expect(textOf(letter!.headers)).toEqual({
    h: '1',
    ...(seen !== undefined && { seen }),
    '__streams.errors.exception': expect.stringMatching(/Error$/),
    '__streams.errors.message': expect.stringContaining(message),
    '__streams.errors.stacktrace': expect.stringMatching(/Error[^]*\n +at /),
    '__streams.errors.topic': 'in',
    '__streams.errors.partition': '0',
    '__streams.errors.offset': '1',
  })
  expect(output.readKeyValues()).toEqual([['a', 'good']])
  // What another branch made of the record stays, as in Kafka Streams.
  expect(await driver.getKeyValueStore('counts').get('a')).toBe(value === UNREADABLE ? 1 : 2)
})

test('a letter is committed with its record: a restart repeats neither', async () => {
  const { driver, input, letters } = await open()
  await input.pipeInput({ key: 'a', value: Buffer.from('bad'), timestamp: 1 })
  await driver.restart()
  await input.pipeInput({ key: 'b', value: Buffer.from('bad'), timestamp: 2 })
  expect(letters.readRecords().map(({ key }) => key)).toEqual(['a', 'b'])
})

test('a change that leaves suppress has a letter of the record that made it, whoever goes on with it', async () => {
  const builder = new StreamsBuilder()
  builder
    .table('in', { key: string, value: string })
    .suppress({ until: 'time-limit', timeLimitMs: 10 })
    .toStream()
    .foreach((_, value) => {
      if (value?.startsWith('bad')) throw boom
    })
  const driver = await openDriver(builder.build(), LETTERS)
  const input = driver.createInputTopic('in', { key: string, value: string })
  await input.pipeInput({ key: 'a', value: 'bad, waited', timestamp: 0 })
  await driver.restart()
  await input.pipeInput({ key: 'b', value: 'good', timestamp: 100 })
  await input.pipeInput({ key: 'c', value: 'bad, late', timestamp: 1 })
  const letters = driver.createOutputTopic('dlq', { key: string, value: string })
  expect(letters.readKeyValues()).toEqual([
    ['a', 'bad, waited'],
    ['c', 'bad, late'],
  ])
})

test('what is not committed has no letter', async () => {
  const { driver, input, letters } = await open({ commitsAfter: () => false })
  await input.pipeInput({ key: 'a', value: Buffer.from('bad'), timestamp: 1 })
  expect(letters.readRecords()).toEqual([])
  await driver.restart()
  await driver.commit()
  expect(letters.readRecords()).toHaveLength(1)
})

test('a call that fails while other records are taken has a letter of its own record', async () => {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .mapValuesAsync(async (value) => {
      await Promise.resolve()
      if (value === 'bad') throw boom
      return value
    })
    .to('out', { key: string, value: string })
  const driver = await openDriver(builder.build(), LETTERS)
  const input = driver.createInputTopic('in', { key: string, value: string })
  await input.pipeInputs([
    { key: 'a', value: 'good' },
    { key: 'b', value: 'bad' },
    { key: 'c', value: 'good' },
  ])
  const letters = driver.createOutputTopic('dlq', { key: string, value: string }).readRecords()
  expect(letters).toMatchObject([{ key: 'b', value: 'bad' }])
  expect(textOf(letters[0]!.headers)).toMatchObject({ '__streams.errors.offset': '1' })
})

test('a whole application publishes letters as every output', async () => {
  const { input, letters } = await open({ partitions: 2, kafka: memoryKafka() })
  for (const key of ['a', 'b', 'c'])
    await input.pipeInput({ key, value: Buffer.from('bad'), timestamp: 1 })
  expect(letters.readRecords().map(({ key }) => key)).toEqual(['a', 'b', 'c'])
})

test('what was held back for the commit has the letter of the record that was held', async () => {
  const builder = new StreamsBuilder()
  builder
    .table('in', { key: string, value: string, store: 'rows' })
    .toStream()
    .foreach(() => {
      throw boom
    })
  const driver = await openDriver(builder.build(), { ...LETTERS, cache: true })
  const input = driver.createInputTopic('in', { key: string, value: string })
  await input.pipeInputs([
    { key: 'a', value: 'one' },
    { key: 'a', value: 'two' },
    { key: 'b', value: 'three' },
  ])
  const letters = driver.createOutputTopic('dlq', { key: string, value: string }).readRecords()
  const offsets = letters.map(({ headers }) => textOf(headers)['__streams.errors.offset'])
  expect(letters.map(({ value }, index) => [value, offsets[index]])).toEqual([
    ['two', '1'],
    ['three', '2'],
  ])
})

test('what a punctuation does comes from no topic', async () => {
  const builder = new StreamsBuilder()
  builder.stream('in', { key: string, value: string }).process({
    get: () => ({
      init: (context) =>
        void context.schedule(10, 'wall-clock', () => {
          throw boom
        }),
      process: () => undefined,
    }),
  })
  const driver = await openDriver(builder.build(), LETTERS)
  await driver.advanceWallClockTime(10)
  const [letter] = driver.createOutputTopic('dlq', { key: bytes, value: bytes }).readRecords()
  expect(letter).toMatchObject({ key: null, value: null, timestamp: expect.any(Number) })
  expect(textOf(letter!.headers)).toMatchObject({
    '__streams.errors.topic': null,
    '__streams.errors.partition': '-1',
    '__streams.errors.offset': '-1',
  })
})

test('a letter that no broker takes stops the application', async () => {
  const { input } = await open({ onError: { deserialization: 'dead-letter' } })
  const value = Buffer.alloc(1_000_000, 0xff)
  await expect(input.pipeInput({ key: 'a', value, timestamp: 1 })).rejects.toMatchObject({
    code: 'SERIALIZATION_FAILED',
    message: expect.stringContaining('a record for dlq cannot be written: it has 1'),
    cause: expect.objectContaining({ code: 'DESERIALIZATION_FAILED' }),
  })
})

test('a letter needs a topic, whether a word or a function asks for it', async () => {
  const wordless = { onError: { processing: 'dead-letter' } } as const
  await expect(openDriver(topology(), wordless)).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: 'onError says dead-letter: set deadLetterQueueTopic too',
  })
  const driver = await openDriver(topology(), { onError: () => 'dead-letter' })
  const input = driver.createInputTopic('in', { key: string, value: string })
  await expect(input.pipeInput({ key: 'a', value: 'bad', timestamp: 1 })).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    cause: expect.objectContaining({ code: 'PROCESSING_FAILED' }),
  })
})

test('a word that is no decision is refused', async () => {
  const options = { onError: { processing: 'continue' as 'skip' } }
  await expect(openDriver(topology(), options)).rejects.toThrow(
    "onError must be one of fail, skip, dead-letter, or a function, not 'continue'",
  )
})
