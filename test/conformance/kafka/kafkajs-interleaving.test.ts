import { interleavingSuite } from './interleaving-suite.ts'
import { createKafkaJs } from './support/create-kafkajs.ts'

interleavingSuite(createKafkaJs)
