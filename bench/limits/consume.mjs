import { readAllAssignor } from '../../dist/testing/read-all-assignor.js'

/**
 * Takes all records of a topic, again and again.
 *
 * @param {import('rowstream').Kafka} kafka
 * @param {import('./limit-app.mjs').Job} job
 * @returns {Promise<Record<string, import('./limit-app.mjs').Bare>>}
 */
export async function consume(kafka, job) {
  const partitions = Array.from({ length: job.partitions }, (_, partition) => ({
    ...{ topic: job.topic, partition },
  }))
  let count = 0
  const startedAt = await new Promise((resolve, reject) => {
    let beganAt = 0
    const consumer = kafka.groupConsumer({
      ...{ groupId: job.name, topics: [job.topic], sessionTimeoutMs: 10_000 },
      assignor: readAllAssignor(partitions),
      listener: {
        onAssigned: () => {
          beganAt = performance.now()
          for (const partition of partitions) consumer.fetchFrom(partition, 0n)
        },
        onBatch: ({ topic, partition, records, nextOffset, endOffset }) => {
          count += records.take(records.count).length
          if (performance.now() - beganAt > 1000 * job.seconds) resolve(beganAt)
          else if (nextOffset >= endOffset) consumer.fetchFrom({ topic, partition }, 0n)
        },
        onFailed: reject,
      },
    })
    consumer.start().catch(reject)
  })
  return { consume: { count, seconds: (performance.now() - startedAt) / 1000 } }
}
