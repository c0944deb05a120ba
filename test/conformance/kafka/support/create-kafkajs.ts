import { kafkajs } from '../../../../src/kafka/kafkajs/index.ts'
import type { AdapterFactory } from './brokers.ts'

export const createKafkaJs: AdapterFactory = (brokers, limits) =>
  kafkajs({ brokers: [...brokers] }, limits)
