import kafkajs, { type KafkaConfig } from 'kafkajs'
import type { Broker, Connection, ConnectionPool } from '../client/broker.ts'

/** Makes connections with the user's configuration: TLS, SASL, time-outs, logger and socket factory are kafkajs' business. */
export interface Cluster {
  /** A broker that is not connected yet; without a destination the next of the user's list. */
  createBroker(destination?: BrokerAddress): Promise<Broker>
  /** The list that the user gave. */
  seeds(): Promise<string[]>
}

export interface BrokerAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The parts of kafkajs' own `Cluster` that make brokers. */
interface KafkaJsCluster {
  readonly rootLogger: unknown
  readonly connectionPoolBuilder: { build(destination?: object): Promise<ConnectionPool> }
  readonly brokerPool: { createBroker(options: object): Broker }
}

/** A factory of brokers; nothing is connected. */
export function createCluster(config: KafkaConfig): Cluster {
  const { connectionPoolBuilder, brokerPool, rootLogger } = openCluster(new kafkajs.Kafka(config))
  return {
    createBroker: async (destination) => {
      const connectionPool = await connectionPoolBuilder.build(destination ?? {})
      for (const connection of connectionPool.pool) checkOnlyWhatIsPending(connection)
      return brokerPool.createBroker({
        connectionPool,
        logger: rootLogger,
        nodeId: destination?.nodeId ?? null,
      })
    },
    seeds: async () =>
      typeof config.brokers === 'function' ? await config.brokers() : config.brokers,
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
function checkOnlyWhatIsPending({ requestQueue }: Connection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue)
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule()
  }
}
