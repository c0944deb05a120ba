import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { TestApplication } from './support/test-application.ts'

let app: TestApplication | undefined
afterEach(() => app?.remove())

/** Counts the words of all topics whose names begin like the input's. */
function topology(input: string, output: string) {
  const { string, int64 } = serdes
  const builder = new StreamsBuilder()
  builder
    .stream(new RegExp(`${input}(-.*)?`), { key: string, value: string })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .to(output, { value: int64 })
  return builder.build()
}

test('a topic that appears while an application runs is read if its name matches', async () => {
  app = new TestApplication(topology, { metadataMaxAgeMs: 200 })
  await app.createTopics()
  await app.write([{ partition: 0, key: 'tea', value: 'x' }])
  const running = app.create()
  await running.start()
  await running.caughtUp()
  expect(await app.rows('counts')).toEqual(new Map([['tea', 1]]))
  const topic = `${app.input}-more`
  await app.createTopic({ topic, partitions: 2 })
  await app.write([{ partition: 0, key: 'tea', value: 'y' }], topic)
  for (let attempt = 0; attempt < 100 && (await app.rows('counts')).get('tea') !== 2; attempt++)
    await new Promise((resolve) => setTimeout(resolve, 100))
  expect(await app.rows('counts')).toEqual(new Map([['tea', 2]]))
  expect(running.state).toBe('running')
})
