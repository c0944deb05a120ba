import { consoleLogger } from 'rowstream'
import { kafkajs } from 'rowstream/kafkajs'

/** Keys of a backlog: more than caches hold. */
const KEYS = 2_000_000
const RECORDS_A_REQUEST = 50_000

/**
 * Fills a topic with small records, each key always in the same partition.
 *
 * @param {object} options
 * @param {readonly string[]} options.brokers
 * @param {string} options.topic
 * @param {number} options.partitions
 * @param {number} options.records
 */
export async function fillBacklog({ brokers, topic, partitions, records }) {
  const adapter = kafkajs({ brokers: [...brokers] })
  const kafka = await adapter.open({ clientId: `${topic}-filler`, logger: consoleLogger('warn') })
  const value = Buffer.from('12345678')
  for (let from = 0; from < records; from += RECORDS_A_REQUEST) {
    const count = Math.min(RECORDS_A_REQUEST, records - from)
    await kafka.produce(
      Array.from({ length: count }, (_, index) => ({
        ...{ topic, partition: (from + index) % partitions, timestamp: from + index },
        ...{ key: Buffer.from(`key-${(from + index) % KEYS}`), value, headers: [] },
      })),
    )
  }
  await kafka.close()
}
