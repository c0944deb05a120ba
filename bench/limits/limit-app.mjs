/** One bare piece of work, for some seconds, in a process of its own: says `done` with what it did. */
import { consoleLogger } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { createKafka } from '../../build/services/example-wordcount/kafka.js'
import { consume } from './consume.mjs'
import { produce } from './produce.mjs'
import { upsert } from './upsert.mjs'

/**
 * @typedef {object} Job
 * @property {'consume' | 'produce' | 'upsert'} kind
 * @property {string} brokers
 * @property {string} databaseUrl
 * @property {import('../../services/example-wordcount/kafka.ts').KafkaClient} client
 * @property {string} topic
 * @property {number} partitions
 * @property {string} name That nobody has used: of a group, a transactional id, a schema.
 * @property {number} seconds
 * @property {number} [valueBytes] Of records that are produced, where they are no counts.
 * @property {number} rows Of a transaction.
 *
 * @typedef {object} Bare What was done.
 * @property {number} count
 * @property {number} seconds
 */

const job = /** @type {Job} */ (JSON.parse(process.argv[2] ?? '{}'))
const logger = consoleLogger('warn')

const works = {
  consume: () => onKafka(consume),
  produce: () => onKafka(produce),
  upsert: async () => {
    const database = await postgres({ url: job.databaseUrl }).open({ schema: job.name, logger })
    const done = await upsert(database, job)
    await database.close()
    return done
  },
}

process.stdin.resume().once('end', () => process.exit(0))
process.stdout.write(`${JSON.stringify({ event: 'done', results: await works[job.kind]() })}\n`)

/**
 * @template T
 * @param {(kafka: import('rowstream').Kafka, job: Job) => Promise<T>} work
 */
async function onKafka(work) {
  const adapter = await createKafka(job.client, job.brokers.split(','))
  const kafka = await adapter.open({ clientId: 'bench-limit', logger })
  const done = await work(kafka, job)
  await kafka.close()
  return done
}
