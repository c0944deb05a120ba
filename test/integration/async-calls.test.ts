import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { onEveryError, TestApplication } from './support/test-application.ts'

let app: TestApplication | undefined
afterEach(() => app?.remove())

const KEYS = 20
const RECORDS = 400

/** Counts words that a service, which takes its time, has normalised. */
function topology(input: string, output: string) {
  const { string, int64 } = serdes
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string, value: string })
    .mapValuesAsync(
      async (value) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10))
        if (value === 'bad') throw new RangeError('no such word')
        return value.toLowerCase()
      },
      { concurrency: 20, ordering: 'key' },
    )
    .groupBy((_, word) => word, { key: string, value: string, name: 'words' })
    .count({ store: 'counts', cache: false })
    .toStream()
    .to(output, { value: int64 })
  return builder.build()
}

test('every record is counted once, though an instance is replaced in the middle', async () => {
  app = new TestApplication(topology, { commitIntervalMsMax: 50 })
  await app.createTopics()
  await app.write(
    Array.from({ length: RECORDS }, (_, index) => {
      const word = `Word${index % KEYS}`
      return { partition: index % 2, key: word, value: word }
    }),
  )
  const first = app.create()
  await first.start()
  await new Promise((resolve) => setTimeout(resolve, 100))
  await first.close()
  expect(await app.run()).toBeUndefined()
  const expected = Array.from({ length: KEYS }, (_, key) => [`word${key}`, RECORDS / KEYS])
  expect(await app.rows('counts')).toEqual(new Map(expected as [string, number][]))
  expect(await app.differences()).toEqual([])
})

test('a call that fails is a failure of its record', async () => {
  app = new TestApplication(topology, { partitions: 1, ...onEveryError('skip') })
  await app.createTopics()
  await app.write(['a', 'bad', 'b'].map((value) => ({ key: value, value })))
  expect(await app.run()).toBeUndefined()
  expect(await app.rows('counts')).toEqual(new Map([['a', 1], ['b', 1]])) // prettier-ignore
  const place = { topic: app.input, partition: 0, offset: 1n }
  const warnings = app.lines.filter(({ level }) => level === 'warn')
  expect(warnings).toMatchObject([{ fields: { code: 'PROCESSING_FAILED', ...place } }])
  expect(await app.differences()).toEqual([])
})
