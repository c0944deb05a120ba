import type { FetchLimits } from '../../../../src/kafka/client/fetcher.ts'
import type { KafkaAdapter } from '../../../../src/kafka/kafka.ts'

/** The brokers that the run has; none where it has no servers. */
export const brokers =
  process.env['KAFKA_BROKERS']?.split(',').filter((broker) => broker !== '') ?? []

/** How an adapter for real brokers is made. */
export type AdapterFactory = (
  brokers: readonly string[],
  limits: Partial<FetchLimits>,
) => KafkaAdapter
