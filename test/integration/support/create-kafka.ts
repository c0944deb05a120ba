import { kafkajs } from '../../../src/kafka/kafkajs/index.ts'
import type { KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { platformatic } from '../../../src/kafka/platformatic/index.ts'
import { brokers as shared } from './environment.ts'

/** The adapter that KAFKA_CLIENT names, for brokers of its own if need be. @throws TypeError for a name that no adapter has. */
export function createKafka(given: readonly string[] = shared): KafkaAdapter {
  const brokers = [...given]
  const client = process.env['KAFKA_CLIENT'] ?? 'kafkajs'
  if (client === 'kafkajs') return kafkajs({ brokers })
  if (client === 'platformatic') return platformatic({ bootstrapBrokers: brokers })
  throw new TypeError(`KAFKA_CLIENT is '${client}', not one of kafkajs, platformatic`)
}
