import kafkajs, { type KafkaConfig } from 'kafkajs'
import type { Cluster } from '../client/cluster.ts'
import { decompress } from './decompress.ts'
import { KafkaJsBroker } from './kafkajs-broker.ts'
import type { RawBroker, RawConnection, RawConnectionPool } from './raw-broker.ts'

/** The parts of kafkajs' own `Cluster` that make brokers. */
interface KafkaJsCluster {
  readonly rootLogger: unknown
  readonly connectionPoolBuilder: { build(destination?: object): Promise<RawConnectionPool> }
  readonly brokerPool: { createBroker(options: object): RawBroker }
}

/** Brokers by kafkajs: TLS, SASL, time-outs, logger and socket factory are its business. Nothing is connected. */
export function createCluster(config: KafkaConfig): Cluster {
  const { connectionPoolBuilder, brokerPool, rootLogger } = openCluster(new kafkajs.Kafka(config))
  return {
    createBroker: async (address) => {
      const connectionPool = await connectionPoolBuilder.build(address ?? {})
      for (const connection of connectionPool.pool) checkOnlyWhatIsPending(connection)
      const nodeId = address?.nodeId ?? null
      return new KafkaJsBroker(
        brokerPool.createBroker({ connectionPool, logger: rootLogger, nodeId }),
      )
    },
    seeds: async () =>
      typeof config.brokers === 'function' ? await config.brokers() : config.brokers,
    decompress,
  }
}

/**
 * kafkajs keeps the function that makes a cluster under a private symbol. It is found by its name, so that no second copy
 * of kafkajs (and of the compression codecs registered with it) gets loaded by a deep import.
 */
function openCluster(kafka: object): KafkaJsCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) =>
    description?.endsWith(':createCluster'),
  )
  const create: unknown = symbol && (kafka as Record<symbol, unknown>)[symbol]
  if (typeof create !== 'function')
    throw new TypeError('rowstream/kafkajs needs kafkajs 2.2.4; found another version')
  return (create as (options: object) => KafkaJsCluster).call(kafka, {
    allowAutoTopicCreation: false,
  })
}

/**
 * kafkajs arms a timer of "throttled until −1 minus now" milliseconds after each response, for which Node 24 warns
 * (TimeoutNegativeWarning, kafkajs#1751). Without pending requests there is nothing to check, with some the delay is positive.
 */
function checkOnlyWhatIsPending({ requestQueue }: RawConnection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue)
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule()
  }
}
