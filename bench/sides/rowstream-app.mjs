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
 * @property {boolean} [isPaused] Until a line comes on standard input.
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
  if (state === 'running') report('running', { at: Date.now() })
  if (state !== 'failed') return
  process.stderr.write(`rowstream failed: ${error?.stack ?? 'unknown'}\n`)
  process.exit(1)
})
process.stdin.resume().once('end', () => void app.close().then(() => process.exit(0)))
if (job.isPaused) {
  app.pause()
  process.stdin.once('data', resume)
}
await app.start()

/** There is nothing to restore, ever. */
function resume() {
  const tasks = app.tasks.length
  app.resume()
  report('resumed', { restored: 0, tasks })
}

/**
 * @param {string} event
 * @param {object} fields
 */
function report(event, fields) {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)
}
