import type { KafkaAdapter } from 'rowstream'

/** The clients that the service can be told to use. A service of yours would import the one that it has installed. */
export type KafkaClient = 'kafkajs' | 'platformatic'

/** The adapter of a client; the other client need not be installed. */
export async function createKafka(
  client: KafkaClient,
  brokers: readonly string[],
): Promise<KafkaAdapter> {
  switch (client) {
    case 'kafkajs': {
      const { kafkajs } = await import('rowstream/kafkajs')
      return kafkajs({ brokers: [...brokers] })
    }
    case 'platformatic': {
      const { platformatic } = await import('rowstream/platformatic')
      return platformatic({ bootstrapBrokers: [...brokers] })
    }
  }
}
