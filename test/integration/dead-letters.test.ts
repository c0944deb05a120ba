import { afterEach, expect, test } from '@jest/globals'
import type { Headers } from '../../src/model/headers.ts'
import { wordCount } from './support/word-count.ts'
import { onEveryError, TestApplication, type TestRecord } from './support/test-application.ts'

const FAR_FUTURE = Date.parse('9999-12-31T23:59:59.999Z')
const NO_TIME_LIMITS = { 'message.timestamp.after.max.ms': '9223372036854775807' }

let app: TestApplication | undefined
afterEach(() => app?.remove())

/** Processes one record between two good ones. */
async function process(record: TestRecord): Promise<void> {
  const options = { inputConfig: NO_TIME_LIMITS, partitions: 1, ...onEveryError('dead-letter') }
  app = new TestApplication(wordCount, options)
  await app.createTopics()
  await app.createTopic({ topic: lettersOf(app), partitions: 3 })
  await app.write([{ value: 'before both' }, record, { value: 'after both' }])
  expect(await app.run({ deadLetterQueueTopic: lettersOf(app) })).toBeUndefined()
}

function lettersOf({ name }: TestApplication): string {
  return `${name}-letters`
}

function textOf(headers: Headers): Record<string, string | undefined> {
  return Object.fromEntries(headers.map(([name, value]) => [name, value?.toString()]))
}

test('a line that cannot be read is one letter, before and after a restart; nothing else is lost', async () => {
  const value = Buffer.of(0x61, 0xff, 0xfe)
  await process({ key: 'k', value, timestamp: 5_000 })
  expect(await app!.run({ deadLetterQueueTopic: lettersOf(app!) })).toBeUndefined()
  const [letter, ...more] = await app!.read(lettersOf(app!))
  expect(more).toEqual([])
  expect(letter).toMatchObject({ timestamp: 5_000 })
  expect([letter!.key, letter!.value].map((one) => Buffer.from(one!))).toEqual([
    Buffer.from('k'),
    value,
  ])
  expect(textOf(letter!.headers)).toEqual({
    '__streams.errors.exception': 'DeserializationError',
    '__streams.errors.message': expect.stringContaining('the value cannot be read'),
    '__streams.errors.stacktrace': expect.stringContaining('DeserializationError'),
    '__streams.errors.topic': app!.input,
    '__streams.errors.partition': '0',
    '__streams.errors.offset': '1',
  })
  expect(app!.drops).toEqual([{ value: 1, attributes: { reason: 'DESERIALIZATION_FAILED' } }])
  expect(await app!.rows('counts')).toEqual(new Map([['before', 1], ['both', 2], ['after', 1]])) // prettier-ignore
  expect(await app!.differences()).toEqual([])
})

test('what the output topic does not take is a letter that says where it was to go', async () => {
  await process({ value: 'future', timestamp: FAR_FUTURE })
  const [letter, ...more] = await app!.read(lettersOf(app!))
  expect(more).toEqual([])
  expect(Buffer.from(letter!.key!).toString()).toBe('future')
  expect(letter!.timestamp).toBeLessThan(FAR_FUTURE)
  expect(textOf(letter!.headers)).toMatchObject({
    '__streams.errors.exception': 'ProductionError',
    '__streams.errors.topic': app!.output,
    '__streams.errors.partition': '0',
    '__streams.errors.offset': '-1',
  })
  expect(await app!.differences()).toEqual(["'future' is 1 in the table and not in the output"])
})

test('the topic of letters must exist', async () => {
  app = new TestApplication(wordCount, { partitions: 1, ...onEveryError('dead-letter') })
  await app.createTopics()
  const error = await app.run({ deadLetterQueueTopic: lettersOf(app) })
  expect(error).toMatchObject({ code: 'TOPIC_MISSING' })
  expect(error!.message).toContain(lettersOf(app))
})
