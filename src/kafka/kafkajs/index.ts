import type { KafkaConfig } from 'kafkajs'
import type { Kafka, KafkaAdapter, KafkaOpenOptions } from '../kafka.ts'
import { Brokers } from './brokers.ts'
import { createCluster } from './cluster.ts'
import { KafkaJsKafka } from './kafkajs-kafka.ts'
import { kafkaJsLogs } from './kafkajs-logs.ts'
import { noDelaySocket } from './no-delay-socket.ts'

/**
 * Kafka by kafkajs 2.2.4, for brokers from 2.5 on.
 *
 * The configuration is kafkajs' own and wins over what rowstream would set: client id, logger, socket factory.
 *
 * @example
 * ```ts
 * new Streams(topology, { applicationId: 'wordcount', kafka: kafkajs({ brokers: ['localhost:9092'] }), database })
 * ```
 */
export function kafkajs(config: KafkaConfig): KafkaAdapter {
  return { name: 'kafkajs', open: (options) => open(config, options) }
}

async function open(config: KafkaConfig, { clientId, logger }: KafkaOpenOptions): Promise<Kafka> {
  const defaults = { clientId, socketFactory: noDelaySocket, ...kafkaJsLogs(logger) }
  const cluster = createCluster({ ...defaults, ...config })
  const brokers = new Brokers(cluster)
  await brokers.metadata()
  return new KafkaJsKafka(cluster, brokers, logger)
}
