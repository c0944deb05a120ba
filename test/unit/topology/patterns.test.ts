import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { openDriver } from '../testing/support/open-driver.ts'

const { string } = serdes
const SERDES = { key: string, value: string }
const TOPICS = ['in-a', 'in-b', 'not-in-a', 'in-abc', 'app-words-repartition']

const read = (pattern: RegExp) => {
  const builder = new StreamsBuilder()
  builder
    .stream(pattern, SERDES)
    .groupBy((_, value) => value, { name: 'words' })
    .reduce((_, value) => value, { store: 'last' })
    .toStream()
    .to('out')
  return builder
}

const topicsOf = (builder: StreamsBuilder, topics = TOPICS) =>
  builder
    .build()
    .forApplication('app', topics)
    .subtopologies[0]!.sources.map(({ topic }) => topic)

test('a pattern matches whole names, whatever its flags', () => {
  expect(topicsOf(read(/in-./))).toEqual(['in-a', 'in-b'])
  expect(topicsOf(read(/IN-./gi))).toEqual(['in-a', 'in-b'])
  expect(topicsOf(read(/in-a|in-abc/))).toEqual(['in-a', 'in-abc'])
})

test('the internal topics of the application are left out', () => {
  expect(topicsOf(read(/.*/))).toEqual(['in-a', 'in-abc', 'in-b', 'not-in-a'])
})

test('a pattern that matches nothing stops the start', () => {
  expect(() => topicsOf(read(/nothing-.*/))).toThrow(
    expect.objectContaining({
      code: 'TOPIC_MISSING',
      message: expect.stringContaining('/nothing-.*/'),
    }),
  )
})

test('what a pattern matches must be read by no other source', () => {
  const builder = read(/in-./)
  builder.stream('in-b', { ...SERDES, name: 'other' }).to('copy')
  expect(() => topicsOf(builder)).toThrow(
    expect.objectContaining({
      code: 'TOPOLOGY_INVALID',
      message: expect.stringContaining('matches in-b, which source other reads'),
    }),
  )
})

test('the same pattern twice is one source', () => {
  const builder = new StreamsBuilder()
  builder.stream(/in-./, SERDES).to('one')
  builder.stream(/in-./, SERDES).to('two')
  expect(topicsOf(builder)).toEqual(['in-a', 'in-b'])
})

test('the description has the pattern, as that of Kafka Streams', () => {
  expect(read(/in-./).build().describe()).toContain(
    'Source: KSTREAM-SOURCE-0000000000 (topics: in-.)',
  )
})

test.each([1, 3])(
  'records of all topics that match come in, with %i partitions',
  async (partitions) => {
    const topics = ['in-a', 'in-b', 'other']
    const driver = await openDriver(read(/in-./).build(), { topics, partitions })
    for (const topic of ['in-a', 'in-b'])
      await driver.createInputTopic(topic, SERDES).pipeInput({ key: 'k', value: topic })
    expect(() => driver.createInputTopic('other', SERDES)).toThrow('does not read other')
    const values = driver.createOutputTopic('out', SERDES).readValues()
    expect(values.toSorted()).toEqual(['in-a', 'in-b'])
  },
)
