import { afterEach, describe, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { onEveryError, TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication | undefined
afterEach(() => app?.remove())

/** Unusual, but nothing is wrong with it: the outcome is the same whatever the failure policy says. */
describe.each(['fail', 'skip'] as const)('with onError %s', (decision) => {
  test('an empty value has no words', async () => {
    app = new TestApplication(wordCount, onEveryError(decision))
    await app.createTopics()
    await app.write([{ value: 'a' }, { value: '' }, { value: 'b' }])
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['a', 1], ['b', 1]])) // prettier-ignore
    expect(await app.differences()).toEqual([])
    expect(app.drops).toEqual([])
  })

  test('a line of 900 KB is counted', async () => {
    app = new TestApplication(wordCount, onEveryError(decision))
    await app.createTopics()
    await app.write([{ value: 'word '.repeat(180_000) }, { value: 'word' }])
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['word', 180_001]]))
    expect(await app.differences()).toEqual([])
  })

  test('a timestamp in the year 9999 is stored', async () => {
    const config = { 'message.timestamp.after.max.ms': '9223372036854775807' }
    const options = { inputConfig: config, outputConfig: config, ...onEveryError(decision) }
    app = new TestApplication(wordCount, options)
    await app.createTopics()
    await app.write([{ value: 'late', timestamp: Date.parse('9999-12-31T23:59:59.999Z') }])
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['late', 1]]))
    expect(await app.differences()).toEqual([])
  })

  test('a null key before a repartition is dropped, counted and logged with its place', async () => {
    app = new TestApplication(countByKey, { partitions: 1, ...onEveryError(decision) })
    await app.createTopics()
    await app.write([{ value: 'a' }, { value: 'null' }, { value: 'b' }])
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['a', 1], ['b', 1]])) // prettier-ignore
    const dropped = app.lines.filter(({ fields }) => fields?.['reason'] === 'null-key')
    const place = { topic: app.input, partition: 0, offset: 1n }
    expect(dropped).toMatchObject([{ level: 'warn', fields: { task: '0_0', ...place } }])
    const attributes = { reason: 'null-key', node: dropped[0]!.fields!['node'] }
    expect(app.drops).toEqual([{ value: 1, attributes }])
    expect(await app.differences()).toEqual([])
  })
})

describe('a null value', () => {
  test('meets a function of the user that cannot take it: stops the application', async () => {
    app = new TestApplication(wordCount, { partitions: 1, ...onEveryError('fail') })
    await app.createTopics()
    await app.write([{ value: 'a' }, { value: null }, { value: 'b' }])
    const error = await app.run()
    const position = { topic: app.input, partition: 0, offset: 1n }
    expect(error).toMatchObject({ code: 'PROCESSING_FAILED', position })
    expect(error!.message).toContain(`${app.input}-0@1`)
    expect(app.drops).toEqual([])
  })

  test('is skipped, logged with its place, counted, and nothing else is lost', async () => {
    app = new TestApplication(wordCount, { partitions: 1, ...onEveryError('skip') })
    await app.createTopics()
    await app.write([{ value: 'a' }, { value: null }, { value: 'b' }])
    expect(await app.run()).toBeUndefined()
    expect(await app.rows('counts')).toEqual(new Map([['a', 1], ['b', 1]])) // prettier-ignore
    const place = { topic: app.input, partition: 0, offset: 1n }
    const warnings = app.lines.filter(({ level }) => level === 'warn')
    expect(warnings).toMatchObject([{ fields: { code: 'PROCESSING_FAILED', ...place } }])
    expect(app.drops).toEqual([{ value: 1, attributes: { reason: 'PROCESSING_FAILED' } }])
    expect(await app.differences()).toEqual([])
  })
})

function countByKey(input: string, output: string) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: serdes.string, value: serdes.string })
    .groupBy((_, value) => (value === 'null' ? null : value) as string, { name: 'values' })
    .count({ store: 'counts' })
    .toStream()
    .to(output, { value: serdes.int64 })
  return builder.build()
}
