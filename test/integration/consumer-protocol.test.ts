import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication
afterEach(() => app.remove())

const LINES = 400

test('instances of one group by KIP-848 come and go under load, and everything is counted once', async () => {
  app = new TestApplication(wordCount, { partitions: 4, groupProtocol: 'consumer' })
  await app.createTopics()
  const first = app.create()
  await first.start()
  await eventually('it has all tasks', () => first.tasks.length === 8)
  const write = async (from: number) => {
    for (let i = from; i < from + LINES; i += 4)
      await app.write([0, 1, 2, 3].map((partition) => ({ partition, value: `tea w${i % 20}` })))
  }
  let writing = write(0)
  const second = app.create()
  await second.start()
  await eventually('they share', () => first.tasks.length === 4 && second.tasks.length === 4)
  expect(new Set([...first.tasks, ...second.tasks]).size).toBe(8)
  await writing
  writing = write(LINES)
  await first.close()
  await eventually('the second has all tasks', () => second.tasks.length === 8)
  await writing
  await second.caughtUp()
  expect((await app.rows('counts')).get('tea')).toBe(2 * LINES)
  expect(await app.differences()).toEqual([])
})

test('static members that are away do not keep another topology from starting', async () => {
  let stores = ['counts']
  app = new TestApplication(
    (input) => {
      const builder = new StreamsBuilder()
      const keys = builder.stream(input, { key: serdes.string, value: serdes.string })
      for (const store of stores) keys.groupByKey().count({ store })
      return builder.build()
    },
    { groupProtocol: 'consumer', groupInstanceId: 'one' },
  )
  await app.createTopics()
  const before = app.create()
  await before.start()
  stores = ['counts', 'again']
  const refused = app.create({ groupInstanceId: 'other' }).start()
  await expect(refused).rejects.toMatchObject({
    code: 'TOPOLOGY_REFUSED',
    message: expect.stringContaining('sub-topology 0 has other stores') as unknown,
  })
  await before.close()
  const after = app.create()
  await after.start()
  await app.write([{ key: 'k', value: 'v' }])
  await after.caughtUp()
  expect(await app.rows('again')).toEqual(new Map([['k', 1]]))
})

test('an error that is to stop the application stops its instance, which says so', async () => {
  app = new TestApplication((input, output) => wordCount(input, output), {
    ...{ partitions: 2, groupProtocol: 'consumer' },
    ...{ onUncaughtError: () => 'stop-application', onError: { deserialization: 'fail' } },
  })
  await app.createTopics()
  const [one, other] = [app.create(), app.create()]
  for (const instance of [one, other]) await instance.start()
  await eventually('they share', () => one.tasks.length === 2 && other.tasks.length === 2)
  await app.write([{ partition: 0, value: Uint8Array.of(0xff) }])
  const both = [one, other]
  await eventually('one has failed', () => both.some(({ state }) => state === 'failed'))
  expect(app.messages('error').join()).toMatch(/no other instance is told to stop/)
})
