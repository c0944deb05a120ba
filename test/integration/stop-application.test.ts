import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { TestApplication } from './support/test-application.ts'

const SERDES = { key: serdes.string, value: serdes.string }

let app: TestApplication
afterEach(() => app.remove())

function topology(input: string, output: string) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, SERDES)
    .filter((_, value) => {
      if (value === 'poison') throw new TypeError('poison')
      return true
    })
    .to(output, SERDES)
  return builder.build()
}

test('one instance stops the application: the others learn it from the group', async () => {
  app = new TestApplication(topology, {
    partitions: 2,
    sessionTimeoutMs: 30_000,
    onUncaughtError: () => 'stop-application',
  })
  await app.createTopics()
  const instances = [app.create(), app.create()]
  const codes: (string | undefined)[] = []
  for (const instance of instances) {
    instance.on('state', (_, error) => void (error && codes.push(error.code)))
    await instance.start()
  }
  await eventually('they share the tasks', () => instances.every(({ tasks }) => tasks.length === 1))
  await app.write([{ partition: 0, key: 'k', value: 'poison' }])
  await eventually('both have failed', () => instances.every(({ state }) => state === 'failed'))
  expect(codes.toSorted()).toEqual(['APPLICATION_STOPPED', 'PROCESSING_FAILED'])
})
