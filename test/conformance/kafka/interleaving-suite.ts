import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CompressionTypes, Kafka as KafkaJs, logLevel, type Transaction } from 'kafkajs'
import type { Kafka } from '../../../src/kafka/kafka.ts'
import { brokers, type AdapterFactory } from './support/brokers.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { createTopic } from './suite-context.ts'
import { ConsumerProbe } from './support/consumer-probe.ts'
import { uniqueName } from './support/names.ts'
import { createRandom } from '../../support/random.ts'

const STEPS = 250
const KEY_ZERO = Buffer.from([0, 0, 0, 0])
const TITLE = 'batches of three transactions in turn (needs KAFKA_BROKERS)'
const describeWithBroker = brokers.length > 0 ? describe : describe.skip

/**
 * Transactions of several batches each, written by kafkajs' own producers: the port writes a transaction at once, so its suite
 * cannot mix the batches of three. kafkajs' own consumer delivers a third of the aborted records
 * of such a log, that of @platformatic/kafka nearly all.
 */
export function interleavingSuite(createAdapter: AdapterFactory): void {
  describeWithBroker(TITLE, () => {
    const client = new KafkaJs({ brokers, logLevel: logLevel.NOTHING })
    const opened: Kafka[] = []
    const log = { topic: '', committed: [] as string[], aborted: 0 }

    const open = async (fetchMaxBytesPerPartition: number): Promise<Kafka> => {
      const adapter = createAdapter(brokers, { fetchMaxBytesPerPartition })
      const kafka = await adapter.open({ clientId: 'conformance', logger: consoleLogger('silent') })
      opened.push(kafka)
      return kafka
    }

    beforeAll(async () => {
      const [partition] = await createTopic(await open(1024 * 1024))
      log.topic = partition!.topic
      await writeInterleaved(client, log)
    }, 60_000)

    afterAll(() => Promise.all(opened.map((kafka) => kafka.close())))

    test.each([1024 * 1024, 4_000, 400, 60])(
      'come out clean in fetches of %d bytes',
      async (bytes) => {
        const kafka = await open(bytes)
        const partition = { topic: log.topic, partition: 0 }
        const { end } = (await kafka.logRanges([partition])).get(`${log.topic}-0`)!
        const probe = new ConsumerProbe(kafka, { partitions: [partition], fetchesAll: true })
        await probe.consumer.start()
        await probe.reaches(partition, end)
        await probe.consumer.stop()
        expect(log.aborted).toBeGreaterThan(100)
        expect(probe.violations).toEqual([])
        expect([...probe.texts].sort()).toEqual([...log.committed].sort())
      },
    )
  })
}

/** Keeps three transactions open; at each step one of them writes a batch, or ends, or the next begins. */
async function writeInterleaved(
  client: KafkaJs,
  log: { topic: string; committed: string[]; aborted: number },
): Promise<void> {
  const random = createRandom(7)
  const open: (OpenWriter | undefined)[] = [undefined, undefined, undefined]
  for (let step = 0; step < STEPS; step++) {
    const slot = Math.floor(random() * open.length)
    const writer = open[slot]
    if (!writer) open[slot] = await begin(client)
    else if (random() < 0.7) await write(writer, log.topic, step, random)
    else {
      await end(writer, random() < 0.5, log)
      open[slot] = undefined
    }
  }
  for (const writer of open) if (writer) await end(writer, false, log)
}

interface OpenWriter {
  readonly transaction: Transaction
  readonly texts: string[]
  disconnect(): Promise<void>
}

async function begin(client: KafkaJs): Promise<OpenWriter> {
  const producer = client.producer({
    transactionalId: uniqueName('tx'),
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: () => () => 0,
  })
  await producer.connect()
  return {
    transaction: await producer.transaction(),
    texts: [],
    disconnect: () => producer.disconnect(),
  }
}

async function write(
  { transaction, texts }: OpenWriter,
  topic: string,
  step: number,
  random: () => number,
): Promise<void> {
  const written = Array.from(
    { length: 1 + Math.floor(random() * 6) },
    (_, i) => `${step}.${i} ${'x'.repeat(random() * 40)}`,
  )
  texts.push(...written)
  const key = random() < 0.3 ? KEY_ZERO : `key ${step}`
  const compression = random() < 0.3 ? CompressionTypes.GZIP : CompressionTypes.None
  await transaction.send({ topic, compression, messages: written.map((value) => ({ key, value })) })
}

async function end(
  { transaction, texts, disconnect }: OpenWriter,
  isCommitted: boolean,
  log: { committed: string[]; aborted: number },
): Promise<void> {
  await (isCommitted ? transaction.commit() : transaction.abort())
  if (isCommitted) log.committed.push(...texts)
  else log.aborted += texts.length
  await disconnect()
}
