import pg from 'pg'
import { consoleLogger, Streams } from 'rowstream'
import { wordCount, wordsOf } from '../../build/services/example-wordcount/topology.js'
import { showProgress } from './progress.mjs'
import { readText } from './text.mjs'

const PARTITIONS = 4
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
 * @param {AbortSignal} signal Ends it early, with everything closed.
 * @returns {Promise<Counted>}
 */
export async function countWords({ kafka: adapter, database, databaseUrl, applicationId }, signal) {
  const lines = readText()
  const expected = countIndependently(lines)
  const [input, output] = [`${applicationId}-lines`, `${applicationId}-word-counts`]
  const kafka = await adapter.open({ clientId: 'demo', logger: consoleLogger('error') })
  const client = new pg.Client(databaseUrl)
  // Where the server goes away, the next query says so; unheard it would end this process.
  client.on('error', () => undefined)
  await client.connect()
  await kafka.createTopics([input, output].map((topic) => ({ topic, partitions: PARTITIONS })))
  const app = new Streams(wordCount(input, output), {
    applicationId,
    kafka: adapter,
    database,
    logger: consoleLogger('error'),
  })
  const startedAt = performance.now()
  try {
    await app.start()
    const total = [...expected.values()].reduce((sum, count) => sum + count, 0)
    const size = { lines: lines.length, words: total }
    await Promise.all([
      feed(kafka, input, lines, signal),
      showProgress(client, applicationId, size, signal),
    ])
    return { lines: lines.length, seconds: (performance.now() - startedAt) / 1000, expected }
  } finally {
    await app.close()
    await client.end()
    await kafka.close()
  }
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
 * @param {AbortSignal} signal
 */
async function feed(kafka, topic, lines, signal) {
  for (let from = 0; from < lines.length; from += PRODUCE_LINES) {
    signal.throwIfAborted()
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
