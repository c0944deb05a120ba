import { expect, test } from '@jest/globals'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'

const { string } = serdes

/** The application that runs in production, on a Kafka that has these topics. */
async function openOn(topics: readonly string[]): Promise<{
  driver: TopologyTestDriver
  ends: () => Promise<Record<string, bigint>>
}> {
  const kafka = memoryKafka()
  const broker = await kafka.open({ clientId: 'test', logger: consoleLogger('error') })
  await broker.createTopics(topics.map((topic) => ({ topic, partitions: 1 })))
  const builder = new StreamsBuilder()
  builder.stream('in', { key: string, value: string }).to((key) => `to-${key}`)
  const driver = await TopologyTestDriver.open(builder.build(), { kafka, partitions: 2 })
  const partitions = topics.map((topic) => ({ topic, partition: 0 }))
  const ends = async () =>
    Object.fromEntries(
      [...(await broker.logRanges(partitions))].map(([name, { end }]) => [name, end]),
    )
  return { driver, ends }
}

test('records are written to the topics that a function chooses', async () => {
  const { driver, ends } = await openOn(['to-a', 'to-b'])
  const input = driver.createInputTopic('in', { key: string, value: string })
  await input.pipeInputs([
    { key: 'a', value: 'x' },
    { key: 'b', value: 'y' },
    { key: 'a', value: 'z' },
  ])
  await driver.close()
  // A transaction's marker has an offset too.
  const { 'to-a-0': a = 0n, 'to-b-0': b = 0n } = await ends()
  expect(a).toBeGreaterThanOrEqual(2n)
  expect(b).toBeGreaterThanOrEqual(1n)
})

test('the application stops when the chosen topic does not exist', async () => {
  const { driver } = await openOn([])
  const input = driver.createInputTopic('in', { key: string, value: string })
  await expect(input.pipeInput({ key: 'a', value: 'x' })).rejects.toMatchObject({
    code: 'TOPIC_MISSING',
    message: expect.stringContaining('to-a'),
  })
  await driver.close()
})
