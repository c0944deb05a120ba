/** One process of rowstream's side, until standard input is closed. */
import { consoleLogger, Streams } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { createKafka } from '../../build/services/example-wordcount/kafka.js'
import { topologies } from './topologies.mjs'

/**
 * @typedef {object} Job
 * @property {import('./topologies.mjs').TopologyName} topology
 * @property {string} brokers
 * @property {string} databaseUrl
 * @property {string} application
 * @property {string} input
 * @property {string} output
 * @property {string} [other] A second input.
 * @property {import('../../services/example-wordcount/kafka.ts').KafkaClient} client
 * @property {Record<string, unknown>} streamsOptions
 */

const job = /** @type {Job} */ (JSON.parse(process.argv[2] ?? '{}'))
const app = new Streams(topologies[job.topology](job.input, job.output, job.other ?? ''), {
  applicationId: job.application,
  kafka: await createKafka(job.client, job.brokers.split(',')),
  database: postgres({ url: job.databaseUrl }),
  logger: consoleLogger('warn'),
  ...job.streamsOptions,
})
app.on('state', (state, error) => {
  if (state === 'running') report('running')
  if (state !== 'failed') return
  process.stderr.write(`rowstream failed: ${error?.stack ?? 'unknown'}\n`)
  process.exit(1)
})
process.stdin.resume().once('end', () => void app.close().then(() => process.exit(0)))
await app.start()

/** @param {string} event */
function report(event) {
  process.stdout.write(`${JSON.stringify({ event, at: Date.now() })}\n`)
}
