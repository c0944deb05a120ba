import { Streams, type KafkaAdapter } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { serveHealth } from './health.ts'
import { createKafka } from './kafka.ts'
import { readSettings, type Environment, type Settings } from './settings.ts'
import { wordCount } from './topology.ts'
import { createTopics } from './topics.ts'

/** Below the 10 s that whoever sends SIGTERM waits at most. */
const CLOSE_TIMEOUT_MS = 9_000

/**
 * Counts words until it is asked to stop.
 *
 * @throws SettingError, StreamsError: what a person has to mend, in one line.
 */
export async function runService(env: Environment, stopped: Promise<void>): Promise<void> {
  const settings = readSettings(env)
  const kafka = await createKafka(settings.kafkaClient, settings.brokers)
  const app = createApp(settings, kafka)
  const health = await serveHealth(app, settings.healthPort)
  await Promise.race([failureOf(app), stopped, start(app, settings, kafka).then(() => stopped)])
  await app.close({ timeoutMs: CLOSE_TIMEOUT_MS })
  health?.close()
}

function createApp(settings: Settings, kafka: KafkaAdapter): Streams {
  const { inputTopic, outputTopic, databaseUrl, onError, commitIntervalMs } = settings
  return new Streams(wordCount(inputTopic, outputTopic), {
    applicationId: settings.applicationId,
    kafka,
    database: postgres({ url: databaseUrl }),
    processingGuarantee: settings.processingGuarantee,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    ...(settings.groupInstanceId && { groupInstanceId: settings.groupInstanceId }),
    onError: { deserialization: onError, processing: onError, production: onError },
    ...(commitIntervalMs && { commitIntervalMsMax: commitIntervalMs }),
  })
}

async function start(app: Streams, settings: Settings, kafka: KafkaAdapter): Promise<void> {
  const { inputTopic, outputTopic, partitions, applicationId } = settings
  await createTopics(kafka, [inputTopic, outputTopic], partitions)
  await app.start()
  if (app.state !== 'running' && app.state !== 'rebalancing') return
  console.log(`wordcount: ${applicationId} counts the words of ${inputTopic} into ${outputTopic}`)
}

/** Rejects when the application fails by itself. */
function failureOf(app: Streams): Promise<never> {
  return new Promise((_, reject) => {
    app.on('state', (state, error) => state === 'failed' && reject(error ?? new TypeError(state)))
  })
}
