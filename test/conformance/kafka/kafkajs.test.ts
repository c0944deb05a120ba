import { brokerSuite } from './broker-suite.ts'
import { createKafkaJs } from './support/create-kafkajs.ts'

brokerSuite('kafkajs', createKafkaJs)
