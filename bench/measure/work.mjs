import { createTopic, PARTITIONS, SEED } from '../lab/topics.mjs'

/**
 * What every side has to do: read a topic that is filled before, until a reader has found all of it in the output.
 *
 * @typedef {object} Work
 * @property {string} unit Of the input: `lines`, `records`.
 * @property {string} input Topic.
 * @property {string} [other] A second topic to read.
 * @property {number} records In the input.
 * @property {number} partitions Of input and output.
 * @property {string} reader Java program that follows the output and says `complete`.
 * @property {Data} data What producer and reader have in common.
 * @property {string} [repartition] End of the name of the repartition topic.
 *
 * @typedef {Record<string, string | number>} Data System properties.
 *
 * @typedef {object} KeyedData
 * @property {number} records
 * @property {number} distinct Keys.
 * @property {number} valueBytes
 * @property {number} [spanMs] Over which the times of the records are spread; without it they have the time of their sending.
 */

const START_TIMEOUT_MS = 60_000
/** What is slower than this has hung. */
const RECORDS_PER_SECOND_MIN = 2_000

/**
 * How long something may take to treat so many records.
 *
 * @param {number} records
 */
export function timeoutMs(records) {
  return START_TIMEOUT_MS + (1000 * records) / RECORDS_PER_SECOND_MIN
}

/**
 * Fills a new topic with lines of words.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {{ lines: number, distinct: number, partitions?: number, wordsALine?: number, uniform?: string }} how
 * @returns {Promise<Work>}
 */
export async function produceLines(lab, { partitions = PARTITIONS, ...how }) {
  const data = { wordsALine: 5, ...how, seed: SEED }
  const input = await fill(lab, 'ProduceLines', { data, partitions, records: how.lines })
  return {
    ...{ unit: 'lines', input, records: how.lines, partitions, data },
    ...{ reader: 'FollowCounts', repartition: '-words-repartition' },
  }
}

/**
 * Fills a new topic with keyed records.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {KeyedData} how
 * @param {string} reader
 * @returns {Promise<Work>}
 */
export async function produceKeys(lab, how, reader) {
  const data = { ...how, seed: SEED }
  const { records } = how
  const input = await fill(lab, 'ProduceKeys', { data, partitions: PARTITIONS, records })
  return { unit: 'records', input, records, partitions: PARTITIONS, data, reader }
}

/**
 * Fills two new topics with keyed records: the second is read as well.
 *
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {{ first: KeyedData, second: KeyedData }} how
 * @param {string} reader
 * @returns {Promise<Work>}
 */
export async function produceTwo(lab, { first, second }, reader) {
  const work = await produceKeys(lab, first, reader)
  const { input: other } = await produceKeys(lab, second, reader)
  return { ...work, other }
}

/**
 * @param {import('../lab/lab.mjs').Lab} lab
 * @param {string} javaClass
 * @param {{ data: Data, partitions: number, records: number }} what
 */
async function fill({ kafka, brokers, startJava }, javaClass, { data, partitions, records }) {
  const input = await createTopic(kafka, 'input', partitions)
  const producer = startJava(javaClass, { ...data, brokers, input, partitions })
  await producer.waitFor('done', timeoutMs(records))
  await producer.stop()
  return input
}
