import { afterEach, describe, expect, test } from '@jest/globals'
import { formatPosition } from '../../src/model/record.ts'
import { countWordsOf, wordCount } from './support/word-count.ts'
import { onEveryError, TestApplication, type TestRecord } from './support/test-application.ts'

const FAR_FUTURE = Date.parse('9999-12-31T23:59:59.999Z')
const NO_TIME_LIMITS = { 'message.timestamp.after.max.ms': '9223372036854775807' }

/** One record that something is wrong with, between two good ones. */
interface BadRecord {
  readonly what: string
  readonly record: TestRecord
  readonly code: string
  /** The word that shows behind the repartition topic; the error names the record that carries it. Else that of the input. */
  readonly word?: string
}

const LONG_WORD = randomLetters(5_000)
const GOOD = new Map([['before', 1], ['both', 2], ['after', 1]]) // prettier-ignore

const badRecords: readonly BadRecord[] = [
  {
    what: 'a line that is not UTF-8',
    record: { value: Uint8Array.of(0x61, 0xff, 0xfe) },
    code: 'DESERIALIZATION_FAILED',
  },
  {
    what: 'a word of 5,000 letters',
    record: { value: LONG_WORD },
    code: 'STORE_REFUSED',
    word: LONG_WORD,
  },
  {
    what: 'U+0000 in a word',
    record: { value: 'a\u0000b' },
    code: 'STORE_REFUSED',
    word: 'a\u0000b',
  },
  {
    what: 'a timestamp of −1',
    record: { value: 'timeless', timestamp: -1 },
    code: 'INVALID_TIMESTAMP',
  },
]

let app: TestApplication | undefined
afterEach(() => app?.remove())

async function writeAround(record: TestRecord): Promise<void> {
  await app!.createTopics()
  await app!.write([{ value: 'before both' }, record, { value: 'after both' }])
}

/** What a skipped record leaves behind: one log line with code and place, one count, and everything else. */
async function expectSkipped(
  code: string,
  place: object,
  { rows = GOOD, differences = [] as string[] } = {},
): Promise<void> {
  const skipped = app!.lines.filter(({ fields }) => fields?.['code'] !== undefined)
  expect(skipped).toEqual([
    {
      level: 'warn',
      message: expect.stringContaining('record skipped'),
      fields: expect.objectContaining({ code, ...place }),
    },
  ])
  expect(app!.drops).toEqual([{ value: 1, attributes: { reason: code } }])
  expect(await app!.rows('counts')).toEqual(rows)
  expect(await app!.differences()).toEqual(differences)
}

describe.each(badRecords)('$what', ({ record, code, word }) => {
  const options = { inputConfig: NO_TIME_LIMITS, partitions: 1 }
  const place = () =>
    word === undefined
      ? { topic: app!.input, partition: 0, offset: 1n }
      : app!.placeOf(`${app!.name}-words-repartition`, word)

  test('stops the application with its code and its place', async () => {
    app = new TestApplication(wordCount, { ...options, ...onEveryError('fail') })
    await writeAround(record)
    const error = await app.run()
    expect(error).toMatchObject({ code, position: await place() })
    expect(error!.message).toContain(formatPosition(error!.position!))
    expect(app.drops).toEqual([])
  })

  test('is skipped, logged with its place, counted, and nothing else is lost', async () => {
    app = new TestApplication(wordCount, { ...options, ...onEveryError('skip') })
    await writeAround(record)
    expect(await app.run()).toBeUndefined()
    await expectSkipped(code, await place())
  })
})

describe('a timestamp that the output topic does not take', () => {
  const record = { value: 'future', timestamp: FAR_FUTURE }
  const options = { inputConfig: NO_TIME_LIMITS, partitions: 1 }

  test('stops the application with its code and the topic', async () => {
    app = new TestApplication(wordCount, { ...options, ...onEveryError('fail') })
    await writeAround(record)
    const error = await app.run()
    expect(error).toMatchObject({ code: 'PRODUCTION_REFUSED' })
    expect(error!.message).toContain(`the broker refused records for ${app.output}`)
    expect(app.drops).toEqual([])
  })

  test('is counted in the table; its output alone is skipped, logged with its place, and counted', async () => {
    app = new TestApplication(wordCount, { ...options, ...onEveryError('skip') })
    await writeAround(record)
    expect(await app.run()).toBeUndefined()
    // What was never written has no offset.
    const place = { topic: app.output, partition: 0, offset: undefined }
    const differences = ["'future' is 1 in the table and not in the output"]
    const rows = new Map([...GOOD, ['future', 1]])
    await expectSkipped('PRODUCTION_REFUSED', place, { rows, differences })
  })
})

describe('a lone surrogate in a word', () => {
  // No UTF-8 holds one: only a user's function can make it, here by cutting an emoji in two.
  const topology = countWordsOf((line) =>
    line.includes('\u{1f600}') ? [line.slice(0, 1)] : line.split(' '),
  )
  const record = { value: '\u{1f600}' }

  test('stops the application with its code, and names the topic and the task', async () => {
    app = new TestApplication(topology, { partitions: 1, ...onEveryError('fail') })
    await writeAround(record)
    const error = await app.run()
    // The record shows on the way to the repartition topic, after it was combined with others: it has no one place.
    expect(error).toMatchObject({ code: 'SERIALIZATION_FAILED', taskId: '0_0' })
    expect(error!.message).toContain(`the key for topic ${app.name}-words-repartition`)
    expect(app.drops).toEqual([])
  })

  test('is skipped, logged, counted, and nothing else is lost', async () => {
    app = new TestApplication(topology, { partitions: 1, ...onEveryError('skip') })
    await writeAround(record)
    expect(await app.run()).toBeUndefined()
    await expectSkipped('SERIALIZATION_FAILED', { phase: 'production' })
    expect(app.messages('warn').join()).toContain(`${app.name}-words-repartition`)
  })
})

/** Seeded, so that a failure can be repeated; incompressible, as the index of a database sees it. */
function randomLetters(length: number): string {
  let state = 42
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0)
  return Array.from({ length }, () => String.fromCharCode(97 + ((next() >>> 16) % 26))).join('')
}
