import type { Broker } from '../../src/kafka/client/broker.ts'
import { Brokers } from '../../src/kafka/client/brokers.ts'
import type { WireRequest } from '../../src/kafka/client/wire/wire-request.ts'

const ADDRESS = { host: 'toy', port: 9092 }

/**
 * The connections to a cluster of one broker, which leads the partitions of `topic`. What else than its metadata is asked of it
 * a test answers.
 */
export function brokersOf(
  partitions: number,
  answer: (request: WireRequest<unknown>) => Promise<unknown>,
): Brokers {
  const leaders = Array.from({ length: partitions }, (_, partition) => ({ partition, leader: 1 }))
  const metadata = {
    brokers: [{ nodeId: 1, ...ADDRESS }],
    controllerId: 1,
    topics: [{ topic: 'topic', errorCode: 0, topicId: undefined, partitions: leaders }],
  }
  const broker = {
    address: ADDRESS,
    isConnected: () => true,
    connect: async () => undefined,
    destroy: () => undefined,
    maxVersion: () => 0,
    send: async (request: WireRequest<unknown>) =>
      request.apiName === 'Metadata' ? metadata : answer(request),
  } as unknown as Broker
  return new Brokers({
    createBroker: async () => broker,
    seeds: async () => ['toy:9092'],
    decompress: async (_codec, records) => records,
  })
}
