import { parseBroker, type BaseOptions, type ConnectionOptions } from '@platformatic/kafka'
import type { Cluster } from '../client/cluster.ts'
import { decompress } from './decompress.ts'
import { PlatformaticBroker } from './platformatic-broker.ts'

/** Brokers by @platformatic/kafka; nothing is connected. Each process begins somewhere else in the user's list. */
export function createCluster({
  clientId,
  bootstrapBrokers,
  ...options
}: ConnectionOptions & Pick<BaseOptions, 'clientId' | 'bootstrapBrokers'>): Cluster {
  const seeds = bootstrapBrokers.map((broker) => parseBroker(broker))
  let next = Math.floor(Math.random() * seeds.length)
  return {
    createBroker: async (address = seeds[next++ % seeds.length]) => {
      if (!address) throw new TypeError('bootstrapBrokers is empty')
      return new PlatformaticBroker({ address, clientId, options })
    },
    seeds: async () => seeds.map(({ host, port }) => `${host}:${port}`),
    decompress,
  }
}
