import { consoleLogger, type KafkaAdapter } from 'rowstream'

/** Creates the topics of the example where they are missing. A service of yours would have them from its operators. */
export async function createTopics(
  adapter: KafkaAdapter,
  topics: readonly string[],
  partitions: number,
): Promise<void> {
  const kafka = await adapter.open({ clientId: 'wordcount-topics', logger: consoleLogger('error') })
  try {
    await kafka.createTopics(topics.map((topic) => ({ topic, partitions })))
  } finally {
    await kafka.close()
  }
}
