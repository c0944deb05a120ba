import { afterEach, expect, test } from '@jest/globals'
import { memory } from '../../../src/database/memory/index.ts'
import type { Kafka, KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { recordingLogger } from '../../support/telemetry.ts'
import { until } from '../../support/turns.ts'

const text = { key: serdes.string, value: serdes.string }
const { logger } = recordingLogger()
let app: Streams
afterEach(() => app.close())

function joinedTopology() {
  const builder = new StreamsBuilder()
  const rows = builder.globalTable('rows', { ...text, store: 'rows' })
  const joined = builder.stream('in', text).join(
    rows,
    (key) => key,
    (value, row) => `${value} ${row}`,
  )
  joined.to('out', text)
  return builder.build()
}

function send(kafka: Kafka, topic: string): Promise<void> {
  const [key, value] = [Buffer.from('k'), Buffer.from(topic)]
  return kafka.produce([{ topic, partition: 0, key, value, timestamp: 0, headers: NO_HEADERS }])
}

/** A broker where rows never cease to come: whoever asks where they end is told of one that can be read a moment later. */
function everGrowing(adapter: KafkaAdapter): KafkaAdapter {
  return {
    ...adapter,
    open: async (options) => {
      const kafka = await adapter.open(options)
      const logRanges = kafka.logRanges.bind(kafka)
      kafka.logRanges = async (partitions) => {
        const ranges = await logRanges(partitions)
        const rows = ranges.get('rows-0')
        if (!rows) return ranges
        setImmediate(() => void send(kafka, 'rows'))
        return new Map([...ranges, ['rows-0', { ...rows, end: rows.end + 1n }]])
      }
      return kafka
    },
  }
}

test('a global table is loaded once it has come to where its topic ended at the start, whatever comes meanwhile', async () => {
  const adapter = memoryKafka()
  const kafka = await adapter.open({ clientId: 'test', logger })
  await kafka.createTopics(['in', 'rows', 'out'].map((topic) => ({ topic, partitions: 1 })))
  await send(kafka, 'in')
  const around = { kafka: everGrowing(adapter), database: memory(), logger }
  app = new Streams(joinedTopology(), { applicationId: 'app', ...around })
  await app.start()
  const sent = async () => [...(await kafka.logRanges([{ topic: 'out', partition: 0 }])).values()]
  await until('the record that waited', async () => (await sent()).some(({ end }) => end > 0n))
  expect(app.state).toBe('running')
})
