import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import type { Kafka, KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const { logger } = recordingLogger()
/** Where a topic was made again, which this broker cannot do. */
let ids: Map<string, string>
let kafka: Kafka
let app: Streams

beforeEach(async () => {
  ids = new Map()
  const adapter = memoryKafka()
  kafka = await adapter.open({ clientId: 'test', logger })
  await kafka.createTopics([
    { topic: 'in', partitions: 2 },
    { topic: 'out', partitions: 1 },
  ])
  const builder = new StreamsBuilder()
  builder.stream('in', { key: serdes.string, value: serdes.string }).to('out')
  app = new Streams(builder.build(), {
    ...{ applicationId: 'app', kafka: withIds(adapter), database: memory(), logger },
    metadataMaxAgeMs: 10,
  })
  await app.start()
})
afterEach(() => app.close())

function withIds(adapter: KafkaAdapter): KafkaAdapter {
  return {
    ...adapter,
    open: async (options) => {
      const opened = await adapter.open(options)
      const describe = opened.describeTopics.bind(opened)
      opened.describeTopics = async (topics) => {
        const found = [...(await describe(topics))]
        return new Map(
          found.map(([topic, { partitions, topicId }]) => [
            topic,
            { partitions, topicId: ids.get(topic) ?? topicId! },
          ]),
        )
      }
      return opened
    },
  }
}

function failure(): Promise<StreamsError> {
  return new Promise((resolve) => app.on('state', (_, error) => error && resolve(error)))
}

async function produce(partition: number): Promise<void> {
  const rest = { timestamp: 0, value: Buffer.from('v'), headers: NO_HEADERS }
  await kafka.produce([{ topic: 'in', partition, key: Buffer.from(`k${partition}`), ...rest }])
}

test('an input topic that grows while the application runs stops it, as it would stop a start', async () => {
  const failed = failure()
  await kafka.growTopics([{ topic: 'in', partitions: 3 }])
  expect(await failed).toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  await until('it has stopped', () => app.state === 'failed')
})

test('an input topic that was made again while the application runs stops it', async () => {
  await produce(0)
  await app.caughtUp()
  const failed = failure()
  ids.set('in', 'another')
  expect(await failed).toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
})

test('an output topic that grows is written to all its partitions from then on', async () => {
  await kafka.growTopics([{ topic: 'out', partitions: 9 }])
  const last = Array.from({ length: 8 }, (_, at) => ({ topic: 'out', partition: at + 1 }))
  const written = async () =>
    [...(await kafka.logRanges(last)).values()].some(({ end }) => end > 0n)
  await until('a record in a new partition', async () => {
    await produce(0)
    await produce(1)
    return written()
  })
})
