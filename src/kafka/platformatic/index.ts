import type { BaseOptions, ConnectionOptions } from '@platformatic/kafka'
import { ClientKafka } from '../client/client-kafka.ts'
import { DEFAULT_LIMITS, type FetchLimits } from '../client/fetcher.ts'
import type { KafkaAdapter } from '../kafka.ts'
import { createCluster } from './cluster.ts'

/**
 * The part of @platformatic/kafka's own options of a client that its connections obey: the list of brokers, client id, TLS, SASL
 * and time-outs. What steers its producers and consumers has no meaning here.
 */
export type PlatformaticConfig = ConnectionOptions &
  Pick<BaseOptions, 'bootstrapBrokers'> &
  Partial<Pick<BaseOptions, 'clientId'>>

export type { FetchLimits } from '../client/fetcher.ts'

/** What the options of @platformatic/kafka have no word for. */
export type PlatformaticLimits = Partial<FetchLimits>

/**
 * Kafka by @platformatic/kafka, 1.35 on Node.js 20 or 2 from Node.js 22.22 on, for brokers from 3.0 on.
 *
 * The configuration is handed to its connections as it is, and its client id wins over the one that rowstream would set. gzip,
 * snappy and lz4 are read without further packages; zstd where Node.js has it, from 22.15 on.
 *
 * Opening throws `KAFKA_UNREACHABLE` when no broker answers, of a reason in `cause`: an authentication that failed, an old broker.
 *
 * @example
 * ```ts
 * const kafka = platformatic({ bootstrapBrokers: ['localhost:9092'] })
 * new Streams(topology, { applicationId: 'wordcount', kafka, database })
 * ```
 */
export function platformatic(
  config: PlatformaticConfig,
  limits: PlatformaticLimits = {},
): KafkaAdapter {
  return {
    name: 'platformatic',
    open: ({ clientId, logger }) =>
      ClientKafka.open(
        createCluster({ clientId, ...config }),
        { ...DEFAULT_LIMITS, ...limits },
        logger,
      ),
  }
}
