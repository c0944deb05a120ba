/** Of every topic, where a bench does not say otherwise. */
export const PARTITIONS = 4
export const SEED = 4_711

let made = 0

/**
 * A name that nobody has used on these servers: of a topic, or of an application and its schema.
 *
 * @param {string} what
 */
export function freshName(what) {
  made += 1
  return `bench_${what}_${process.pid}_${Date.now().toString(36)}_${made}`
}

/**
 * @param {import('rowstream').Kafka} kafka
 * @param {string} what
 * @returns {Promise<string>} The name of a new topic.
 */
export async function createTopic(kafka, what, partitions = PARTITIONS) {
  const topic = freshName(what)
  // Records may have times of long ago, which the broker would soon delete.
  await kafka.createTopics([{ topic, partitions, config: { 'retention.ms': '-1' } }])
  return topic
}

/**
 * Transactions that wrote to a topic, about: each leaves a control record in each partition that it wrote to, which here is
 * nearly always in all of them.
 *
 * @param {import('rowstream').Kafka} kafka
 * @param {string} topic
 * @param {number} records Read from it.
 */
export async function transactionsOf(kafka, topic, records, partitions = PARTITIONS) {
  return Math.round(((await offsetsUsed(kafka, topic, partitions)) - records) / partitions)
}

/**
 * Offsets that a topic has used up, control records included.
 *
 * @param {import('rowstream').Kafka} kafka
 * @param {string} topic
 */
export async function offsetsUsed(kafka, topic, partitions = PARTITIONS) {
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const ranges = await kafka.logRanges(all)
  return [...ranges.values()].reduce((sum, { end }) => sum + Number(end), 0)
}
