/** Of every topic here. */
export const PARTITIONS = 4
/** Words that lines are made of. */
export const DISTINCT_WORDS = 50_000
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
export async function createTopic(kafka, what) {
  const topic = freshName(what)
  await kafka.createTopics([{ topic, partitions: PARTITIONS }])
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
export async function transactionsOf(kafka, topic, records) {
  return Math.round(((await offsetsUsed(kafka, topic)) - records) / PARTITIONS)
}

/**
 * Offsets that a topic has used up, control records included.
 *
 * @param {import('rowstream').Kafka} kafka
 * @param {string} topic
 */
export async function offsetsUsed(kafka, topic) {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }))
  const ranges = await kafka.logRanges(partitions)
  return [...ranges.values()].reduce((sum, { end }) => sum + Number(end), 0)
}
