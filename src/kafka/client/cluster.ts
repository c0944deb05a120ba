import type { Broker, BrokerAddress } from './broker.ts'

/** What an adapter is to this room: a maker of brokers, with the user's configuration of a client library. */
export interface Cluster {
  /** A broker that is not connected yet; without an address the next of the user's list. */
  createBroker(address?: NodeAddress): Promise<Broker>
  /** The list that the user gave, for messages; as many brokers as {@link createBroker} knows without an address. */
  seeds(): Promise<string[]>
  /** The records of a batch as they were before compression; the codec is in the batch and not 0. */
  decompress(codec: number, records: Buffer): Promise<Buffer>
}

/** A broker of the cluster's own list. */
export interface NodeAddress extends BrokerAddress {
  readonly nodeId: number
}
