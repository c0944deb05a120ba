import type { KafkaConfig } from 'kafkajs'
import { ClientKafka } from '../client/client-kafka.ts'
import { DEFAULT_LIMITS, type FetchLimits } from '../client/fetcher.ts'
import type { Kafka, KafkaAdapter, KafkaOpenOptions } from '../kafka.ts'
import { createCluster } from './cluster.ts'
import { kafkaJsLogs } from './kafkajs-logs.ts'
import { noDelaySocket } from './no-delay-socket.ts'

export type { FetchLimits } from '../client/fetcher.ts'

/** What kafkajs' configuration of a client has no word for. */
export type KafkaJsLimits = Partial<FetchLimits>

/**
 * Kafka by kafkajs 2.2.4, for brokers from 2.7 on.
 *
 * The configuration is kafkajs' own and wins over what rowstream would set: client id, logger, socket factory.
 *
 * @example
 * ```ts
 * new Streams(topology, { applicationId: 'wordcount', kafka: kafkajs({ brokers: ['localhost:9092'] }), database })
 * ```
 */
export function kafkajs(config: KafkaConfig, limits: KafkaJsLimits = {}): KafkaAdapter {
  return {
    name: 'kafkajs',
    open: (options) => open(config, { ...DEFAULT_LIMITS, ...limits }, options),
  }
}

function open(
  config: KafkaConfig,
  limits: FetchLimits,
  { clientId, logger }: KafkaOpenOptions,
): Promise<Kafka> {
  const defaults = { clientId, socketFactory: noDelaySocket, ...kafkaJsLogs(logger) }
  return ClientKafka.open(createCluster({ ...defaults, ...config }), limits, logger)
}
