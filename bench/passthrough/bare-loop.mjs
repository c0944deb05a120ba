/**
 * The least that has to be done to pass records through exactly once, on the same adapter: consume, encode, produce in
 * transactions with the positions in them, whatever came while the last was under way. Until standard input is closed.
 */
import { consoleLogger } from 'rowstream'
import { createKafka } from '../../build/services/example-wordcount/kafka.js'
import { RecordsEncoder } from '../../dist/kafka/record-batch/records-encoder.js'
import { readAllAssignor } from '../../dist/testing/read-all-assignor.js'

/** What waits at most, about, as in rowstream's queues. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024

/**
 * @typedef {object} Job
 * @property {string} brokers
 * @property {string} application
 * @property {string} input
 * @property {string} output
 * @property {number} partitions
 * @property {import('../../services/example-wordcount/kafka.ts').KafkaClient} client
 *
 * @typedef {import('../../dist/kafka/group-consumer.js').FetchedBatch} FetchedBatch
 */

const job = /** @type {Job} */ (JSON.parse(process.argv[2] ?? '{}'))
const { application: groupId, input, output } = job
const adapter = await createKafka(job.client, job.brokers.split(','))
const kafka = await adapter.open({ clientId: 'bench-bare', logger: consoleLogger('warn') })
const producer = await kafka.transactionalProducer(groupId)
const partitions = Array.from({ length: job.partitions }, (_, partition) => ({
  ...{ topic: input, partition },
}))
/** @type {FetchedBatch[]} */
let waiting = []
let waitingBytes = 0
let isPublishing = false
let isPaused = false

const consumer = kafka.groupConsumer({
  ...{ groupId, topics: [input], sessionTimeoutMs: 10_000 },
  assignor: readAllAssignor(partitions),
  listener: {
    onAssigned: () => {
      process.stdout.write(`${JSON.stringify({ event: 'running', at: Date.now() })}\n`)
      for (const partition of partitions) consumer.fetchFrom(partition, 0n)
    },
    onBatch: (batch) => {
      waiting.push(batch)
      waitingBytes += batch.records.bytes
      throttle()
      if (!isPublishing) publishAll().catch(fail)
    },
    onFailed: fail,
  },
})
process.stdin.resume().once('end', () => void kafka.close().then(() => process.exit(0)))
await consumer.start()

function throttle() {
  const isFull = waitingBytes > WAITING_BYTES_MAX
  if (isFull === isPaused) return
  isPaused = isFull
  for (const partition of partitions) consumer[isFull ? 'pause' : 'resume'](partition)
}

async function publishAll() {
  isPublishing = true
  while (waiting.length > 0) {
    const batches = waiting
    waiting = []
    waitingBytes = 0
    throttle()
    await producer.transact({ groupId, offsets: positionsOf(batches), records: encode(batches) })
  }
  isPublishing = false
}

/** @param {readonly FetchedBatch[]} batches */
function encode(batches) {
  const encoders = partitions.map(
    ({ partition }) => new RecordsEncoder({ topic: output, partition }),
  )
  for (const { partition, records } of batches)
    for (const record of records.take(records.count)) encoders[partition]?.add(record)
  return encoders.flatMap((encoder) => encoder.seal())
}

/**
 * The newest of each partition.
 *
 * @param {readonly FetchedBatch[]} batches
 */
function positionsOf(batches) {
  const newest = new Map(batches.map((batch) => [batch.partition, batch]))
  return [...newest.values()].map(({ topic, partition, nextOffset }) => ({
    ...{ topic, partition, offset: nextOffset, metadata: '' },
  }))
}

/** @param {unknown} error */
function fail(error) {
  process.stderr.write(
    `the bare loop failed: ${error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
}
