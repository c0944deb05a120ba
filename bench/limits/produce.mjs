import { encodeRecords } from '../../dist/kafka/record-batch/encode-records.js'

/** What a transaction of the word count has, about. */
const RECORDS = 50_000

/**
 * Sends the same encoded records in one transaction after the other.
 *
 * @param {import('rowstream').Kafka} kafka
 * @param {import('./limit-app.mjs').Job} job
 * @returns {Promise<Record<string, import('./limit-app.mjs').Bare>>}
 */
export async function produce(kafka, { name, topic, partitions, seconds, valueBytes }) {
  const producer = await kafka.transactionalProducer(name)
  const transaction = {
    records: encodeRecords(records(topic, partitions, valueBytes)),
    groupId: name,
    offsets: [{ topic, partition: 0, offset: 0n, metadata: '' }],
  }
  const startedAt = performance.now()
  let count = 0
  do {
    await producer.transact(transaction)
    count += RECORDS
  } while (performance.now() - startedAt < 1000 * seconds)
  return { produce: { count, seconds: (performance.now() - startedAt) / 1000 } }
}

/**
 * As counts of words are, unless their values have another size: keys of six letters and values of eight bytes.
 *
 * @param {string} topic
 * @param {number} partitions
 */
function records(topic, partitions, valueBytes = 8) {
  const value = Buffer.alloc(valueBytes, 1)
  return Array.from({ length: RECORDS }, (_, index) => ({
    ...{ topic, partition: index % partitions, timestamp: Date.now() },
    ...{ key: Buffer.from(index.toString(26).padStart(6, 'w')), value, headers: [] },
  }))
}
