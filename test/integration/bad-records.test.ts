import { afterEach, describe, expect, test } from '@jest/globals'
import { countWordsOf, wordCount } from './support/word-count.ts'
import { onEveryError, TestApplication, type TestRecord } from './support/test-application.ts'

const FAR_FUTURE = Date.parse('9999-12-31T23:59:59.999Z')
const NO_TIME_LIMITS = { 'message.timestamp.after.max.ms': '9223372036854775807' }

/** One record that something is wrong with, between two good ones. */
interface BadRecord {
  readonly what: string
  readonly record: TestRecord
  readonly code: string
  /** The record that the error names: of the input topic, unless the fault shows behind the repartition topic. */
  readonly at: 'input' | 'repartition' | 'output'
  readonly words?: (line: string) => string[]
}

const badRecords: readonly BadRecord[] = [
  {
    what: 'a line that is not UTF-8',
    record: { value: Uint8Array.of(0x61, 0xff, 0xfe) },
    code: 'DESERIALIZATION_FAILED',
    at: 'input',
  },
  {
    what: 'a word of 5,000 letters',
    record: { value: randomLetters(5_000) },
    code: 'STORE_REFUSED',
    at: 'repartition',
  },
  {
    what: 'U+0000 in a word',
    record: { value: 'a\u0000b' },
    code: 'STORE_REFUSED',
    at: 'repartition',
  },
  {
    what: 'a timestamp of −1',
    record: { value: 'timeless', timestamp: -1 },
    code: 'INVALID_TIMESTAMP',
    at: 'input',
  },
  {
    what: 'a timestamp that the output topic does not take',
    record: { value: 'future', timestamp: FAR_FUTURE },
    code: 'PRODUCTION_REFUSED',
    at: 'output',
  },
]

let app: TestApplication | undefined
afterEach(() => app?.remove())

async function writeAround(record: TestRecord): Promise<void> {
  await app!.createTopics()
  await app!.write([{ value: 'before both' }, record, { value: 'after both' }])
}

describe.each(badRecords)('$what', ({ record, code, at, words }) => {
  const topology = words ? countWordsOf(words) : wordCount
  const options = { inputConfig: NO_TIME_LIMITS, partitions: 1 }

  test('stops the application with its code and its place', async () => {
    app = new TestApplication(topology, { ...options, ...onEveryError('fail') })
    await writeAround(record)
    const error = await app.run()
    expect(error).toMatchObject({ code })
    if (at === 'input') expect(error!.message).toContain(`${app.input}-0@1`)
    if (at === 'repartition') expect(error!.message).toMatch(/-words-repartition-0@\d+/)
    if (at === 'output') expect(error!.message).toContain(app.output)
  })

  test('is skipped, logged with its place, and nothing else is lost', async () => {
    app = new TestApplication(topology, { ...options, ...onEveryError('skip') })
    await writeAround(record)
    expect(await app.run()).toBeUndefined()
    const rows = await app.rows('counts')
    rows.delete('future')
    expect(rows).toEqual(new Map([['before', 1], ['both', 2], ['after', 1]])) // prettier-ignore
    const skipped = app.lines.filter(({ fields }) => fields?.['code'] === code)
    expect(skipped).toHaveLength(1)
    expect(skipped[0]!.message).toContain('record skipped')
    if (at !== 'output')
      expect(skipped[0]!.fields).toMatchObject({ partition: 0, offset: expect.any(BigInt) })
  })
})

describe('a lone surrogate in a word', () => {
  // No UTF-8 holds one: only a user's function can make it, here by cutting an emoji in two.
  const topology = countWordsOf((line) =>
    line.includes('\u{1f600}') ? [line.slice(0, 1)] : line.split(' '),
  )

  test('stops the application with its code and its place', async () => {
    app = new TestApplication(topology, { partitions: 1, ...onEveryError('fail') })
    await writeAround({ value: '\u{1f600}' })
    expect(await app.run()).toMatchObject({ code: 'SERIALIZATION_FAILED' })
  })

  test('is skipped, and nothing else is lost', async () => {
    app = new TestApplication(topology, { partitions: 1, ...onEveryError('skip') })
    await writeAround({ value: '\u{1f600}' })
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['before', 1], ['both', 2], ['after', 1]])) // prettier-ignore
    expect(app.messages('warn').join()).toContain('record skipped')
  })
})

/** Seeded, so that a failure can be repeated; incompressible, as the index of a database sees it. */
function randomLetters(length: number): string {
  let state = 42
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0)
  return Array.from({ length }, () => String.fromCharCode(97 + ((next() >>> 16) % 26))).join('')
}
