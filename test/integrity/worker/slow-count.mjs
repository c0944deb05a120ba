/**
 * One instance that counts keys on a database of which every statement is slow, forked by a test. Says
 * `{ state, tasks }`, and `{ usage }` again and again.
 */
import { Streams, StreamsBuilder, serdes } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { LagMeter } from './lag-meter.mjs'
import { slowDatabase } from './slow-database.mjs'

/** How often memory is looked at: a peak is wider. */
const SAMPLE_MS = 50

/** @typedef {typeof import('../../../services/example-wordcount/kafka.ts')} KafkaModule */
const { createKafka } = /** @type {KafkaModule} */ (
  await import(new URL('../../../build/services/example-wordcount/kafka.js', import.meta.url).href)
)

const { env } = process
/** @param {object} message */
const tell = (message) => process.send?.(message)
const meter = new LagMeter()
const client = env['KAFKA_CLIENT'] === 'platformatic' ? 'platformatic' : 'kafkajs'

const builder = new StreamsBuilder()
builder
  .stream(env['INPUT_TOPIC'] ?? '', { key: serdes.string, value: serdes.bytes })
  .groupByKey()
  .count({ store: 'counts' })
  .toStream()
  .to(env['OUTPUT_TOPIC'] ?? '', { value: serdes.int64 })

const app = new Streams(builder.build(), {
  applicationId: env['APPLICATION_ID'] ?? '',
  kafka: await createKafka(client, (env['KAFKA_BROKERS'] ?? '').split(',')),
  database: slowDatabase(postgres({ url: env['DATABASE_URL'] ?? '' }), Number(env['STATEMENT_MS'])),
  sessionTimeoutMs: Number(env['SESSION_TIMEOUT_MS']),
})

/** The most so far, in bytes; what Buffers hold lies outside of the heap. */
const usage = { heap: 0, buffers: 0, resident: 0, lag: 0 }
setInterval(() => {
  const { heapUsed, external, rss } = process.memoryUsage()
  usage.heap = Math.max(usage.heap, heapUsed)
  usage.buffers = Math.max(usage.buffers, external)
  usage.resident = Math.max(usage.resident, rss)
  tell({ usage: { ...usage, lag: meter.read() } })
}, SAMPLE_MS)

process.on('disconnect', () => process.exit(3))
process.on('SIGINT', () => undefined)
process.once('SIGTERM', () => void app.close({ timeoutMs: 30_000 }).then(() => process.exit(0)))
app.on('state', (state, error) => {
  tell({ state, tasks: app.tasks })
  if (state !== 'failed') return
  console.error('failed:', error)
  process.exit(1)
})
await app.start().catch((/** @type {unknown} */ error) => {
  console.error('start failed:', error)
  process.exit(1)
})
tell({ state: app.state, tasks: app.tasks })
