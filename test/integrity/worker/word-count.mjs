/**
 * One instance of the example's word count with test signals, forked by a test.
 *
 * Takes the service's environment. Hears `{ arm: point }`, `{ goOn: true }`; says `{ committedAt, tasks }`,
 * `{ reached: point }` and `{ state, tasks }`.
 */
import { Streams } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { withHeldRanges } from './held-kafka.mjs'
import { TestPoints } from './test-points.mjs'

/** @typedef {{ arm?: import('./test-points.mjs').TestPoint, goOn?: boolean }} Order */

/**
 * The service's own topology and settings, as it was built: Node runs no TypeScript.
 *
 * @typedef {typeof import('../../../services/example-wordcount/kafka.ts')} KafkaModule
 * @typedef {typeof import('../../../services/example-wordcount/settings.ts')} SettingsModule
 * @typedef {typeof import('../../../services/example-wordcount/topology.ts')} TopologyModule
 */
const example = new URL('../../../build/services/example-wordcount/', import.meta.url)
const { createKafka } = /** @type {KafkaModule} */ (await import(new URL('kafka.js', example).href))
const { readSettings } = /** @type {SettingsModule} */ (
  await import(new URL('settings.js', example).href)
)
const { wordCount } = /** @type {TopologyModule} */ (
  await import(new URL('topology.js', example).href)
)

const settings = readSettings(process.env)
/** @param {object} message */
const tell = (message) => process.send?.(message)
const points = new TestPoints({
  tellCommit: (committedAt) => tell({ committedAt, tasks: app.tasks }),
  tellReached: (point) => tell({ reached: point }),
  withOutbox: settings.processingGuarantee === 'exactly_once',
})
const kafka = await createKafka(settings.kafkaClient, settings.brokers)
const app = new Streams(wordCount(settings.inputTopic, settings.outputTopic), {
  applicationId: settings.applicationId,
  kafka: withHeldRanges(kafka, points),
  database: postgres({ url: settings.databaseUrl }),
  processingGuarantee: settings.processingGuarantee,
  sessionTimeoutMs: settings.sessionTimeoutMs,
  ...(settings.commitIntervalMs && { commitIntervalMsMax: settings.commitIntervalMs }),
  signals: points,
})

process.on('message', (/** @type {Order} */ { arm, goOn }) => {
  if (arm) points.arm(arm)
  if (goOn) points.goOn()
})
// Without its parent nobody would end it.
process.on('disconnect', () => process.exit(3))
// Ctrl-C goes to all processes of the terminal: the parent decides.
process.on('SIGINT', () => undefined)
process.once('SIGTERM', () => {
  void app.close({ timeoutMs: 9_000 }).then(() => process.exit(0))
})

app.on('state', (state, error) => {
  tell({ state, tasks: app.tasks })
  if (state !== 'failed') return
  console.error(`failed: ${error?.code ?? ''} ${error?.stack ?? ''} ${describeCause(error?.cause)}`)
  process.exit(1)
})
await app.start().catch((/** @type {unknown} */ error) => {
  console.error('start failed:', error)
  process.exit(1)
})

/** @param {unknown} cause @returns {string} */
function describeCause(cause) {
  return cause instanceof Error ? `\ncaused by ${cause.stack} ${describeCause(cause.cause)}` : ''
}
