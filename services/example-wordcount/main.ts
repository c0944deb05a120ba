import { Streams, type KafkaAdapter } from 'rowstream'
import { postgres } from 'rowstream/postgres'
import { serveHealth } from './health.ts'
import { createKafka } from './kafka.ts'
import { readSettings, type Settings } from './settings.ts'
import { wordCount } from './topology.ts'
import { createTopics } from './topics.ts'

function createApp(settings: Settings, kafka: KafkaAdapter): Streams {
  const { inputTopic, outputTopic, databaseUrl, onError, commitIntervalMs } = settings
  return new Streams(wordCount(inputTopic, outputTopic), {
    applicationId: settings.applicationId,
    kafka,
    database: postgres({ url: databaseUrl }),
    processingGuarantee: settings.processingGuarantee,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    onError: { deserialization: onError, processing: onError, production: onError },
    ...(commitIntervalMs && { commitIntervalMsMax: commitIntervalMs }),
  })
}

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const kafka = await createKafka(settings.kafkaClient, settings.brokers)
  const app = createApp(settings, kafka)
  const health = settings.healthPort > 0 ? serveHealth(app, settings.healthPort) : undefined
  const failed = new Promise<never>((_, reject) => {
    app.on('state', (state, error) => state === 'failed' && reject(error ?? new TypeError(state)))
  })
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
  const running = createTopics(
    kafka,
    [settings.inputTopic, settings.outputTopic],
    settings.partitions,
  ).then(() => app.start())
  await Promise.race([failed, stopped, running.then(() => stopped)])
  await app.close({ timeoutMs: 9_000 })
  health?.close()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const { message, code } = error as { message: string; code?: string }
    process.stderr.write(`wordcount: ${code ? `${code}: ` : ''}${message}\n`)
    process.exit(1)
  },
)
