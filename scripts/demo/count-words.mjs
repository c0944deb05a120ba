import pg from 'pg'
import { consoleLogger, Streams } from 'rowstream'
import { wordCount, wordsOf } from '../../build/services/example-wordcount/topology.js'
import { showProgress } from './progress.mjs'
import { readText } from './text.mjs'

const PARTITIONS = 4
const APPLICATION_ID = 'wordcount'
const PRODUCE_LINES = 2_000

/**
 * @typedef {object} Counted
 * @property {number} lines
 * @property {number} seconds
 * @property {Map<string, number>} expected An independent count of the same text.
 */

/**
 * Runs the example topology over the text, until the table has counted every word.
 *
 * @param {import('./surroundings.mjs').Surroundings} surroundings
 * @returns {Promise<Counted>}
 */
export async function countWords({ kafka: adapter, database, databaseUrl }) {
  const lines = readText()
  const expected = countIndependently(lines)
  const [input, output] = topicNames()
  const kafka = await adapter.open({ clientId: 'demo', logger: consoleLogger('error') })
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query(`drop schema if exists ${APPLICATION_ID} cascade`)
  await kafka.createTopics([input, output].map((topic) => ({ topic, partitions: PARTITIONS })))
  const app = new Streams(wordCount(input, output), {
    applicationId: APPLICATION_ID,
    kafka: adapter,
    database,
    logger: consoleLogger('error'),
  })
  const startedAt = performance.now()
  try {
    await app.start()
    const total = [...expected.values()].reduce((sum, count) => sum + count, 0)
    await Promise.all([feed(kafka, input, lines), showProgress(client, lines.length, total)])
    return { lines: lines.length, seconds: (performance.now() - startedAt) / 1000, expected }
  } finally {
    await app.close()
    await client.end()
    await kafka.close()
  }
}

/**
 * Topics of earlier runs on the same cluster stay as they are.
 *
 * @returns {[string, string]}
 */
function topicNames() {
  const run = Date.now().toString(36)
  return [`demo-lines-${run}`, `demo-word-counts-${run}`]
}

/** @param {string[]} lines */
function countIndependently(lines) {
  /** @type {Map<string, number>} */
  const counts = new Map()
  for (const word of lines.flatMap(wordsOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/**
 * @param {import('rowstream').Kafka} kafka
 * @param {string} topic
 * @param {string[]} lines
 */
async function feed(kafka, topic, lines) {
  for (let from = 0; from < lines.length; from += PRODUCE_LINES) {
    const slice = lines.slice(from, from + PRODUCE_LINES)
    const timestamp = Date.now()
    await kafka.produce(
      slice.map((line, index) => ({
        topic,
        partition: (from + index) % PARTITIONS,
        timestamp,
        key: null,
        value: Buffer.from(line),
        headers: [],
      })),
    )
  }
}
