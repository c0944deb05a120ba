import { KafkaUnreachableError } from '../../errors/kafka-errors.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import { brokerError, CODE, codeOf, isConnectionError, isStaleCoordinator } from './broker-error.ts'
import type { Broker, BrokerAddress, CoordinatorType } from './broker.ts'
import type { Cluster, NodeAddress } from './cluster.ts'
import { ConnectionLostError } from './connection-lost-error.ts'
import { metadataRequest, type ClusterMetadata, type TopicMetadata } from './wire/metadata.ts'

const METADATA = 3

/**
 * The brokers of a cluster by role: any, controller, leader of a partition, coordinator of a key.
 *
 * Leaders and coordinators are remembered until somebody who was refused calls `forget…`. A method fails at once when it
 * cannot connect; trying again is the caller's business, who knows what may be repeated and how long.
 */
export class Brokers {
  readonly #cluster: Cluster
  /** By node id; replaced when a broker comes back under another address. */
  #nodes = new Map<number, Broker>()
  /** A broker of the user's list, whose node id is not known. */
  #seed: Broker | undefined
  #controllerId = -1
  readonly #leaders = new Map<string, ReadonlyMap<number, number>>()
  readonly #coordinators = new Map<string, number>()
  /** Brokers that are being connected. */
  readonly #opening = new Map<Broker, Promise<void>>()
  #isClosed = false

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /**
   * Asks a broker that answers for its view of the cluster.
   * @throws KafkaUnreachableError `KAFKA_UNREACHABLE` when none answers.
   */
  async metadata(topics: readonly string[] | 'all' = []): Promise<ClusterMetadata> {
    const broker = await this.#any()
    const metadata = await broker.send(metadataRequest(topics, broker.maxVersion(METADATA)))
    await this.#learn(metadata)
    return metadata
  }

  /** The user's list, for messages. */
  addresses(): Promise<string[]> {
    return this.#cluster.seeds()
  }

  async controller(): Promise<Broker> {
    await this.metadata()
    return this.node(this.#controllerId)
  }

  /** @throws an error with the code of the topic or partition when it has no leader. */
  async leader({ topic, partition }: TopicPartition): Promise<Broker> {
    return this.node(await this.leaderId({ topic, partition }))
  }

  /** Node id of the leader, from memory or from the cluster. */
  async leaderId({ topic, partition }: TopicPartition): Promise<number> {
    const known = this.#leaders.get(topic)?.get(partition)
    if (known !== undefined) return known
    const found = (await this.metadata([topic])).topics[0]
    if (found && found.errorCode !== 0) throw brokerError(found.errorCode, topic)
    const leader = this.#leaders.get(topic)?.get(partition)
    if (leader !== undefined) return leader
    const isPartition = found?.partitions.some((candidate) => candidate.partition === partition)
    throw brokerError(
      isPartition ? CODE.LEADER_NOT_AVAILABLE : CODE.UNKNOWN_TOPIC_OR_PARTITION,
      `${topic}-${partition}`,
    )
  }

  forgetLeaders(topic: string): void {
    this.#leaders.delete(topic)
  }

  /** A broker by its node id, connected. */
  async node(nodeId: number): Promise<Broker> {
    this.#failIfClosed()
    if (!this.#nodes.has(nodeId)) await this.metadata()
    const broker = this.#nodes.get(nodeId)
    if (!broker) throw brokerError(CODE.BROKER_NOT_AVAILABLE, `node ${nodeId}`)
    if (!broker.isConnected()) await this.#connect(broker)
    return broker
  }

  /** A broker that does not answer may have come back under another address: what the others say is asked before failing. */
  async #connect(broker: Broker): Promise<void> {
    try {
      await this.#open(broker)
    } catch (error) {
      await this.metadata()
      throw error
    }
  }

  async coordinator(type: CoordinatorType, key: string): Promise<Broker> {
    const known = this.#coordinators.get(`${type} ${key}`)
    if (known !== undefined) return this.node(known)
    const broker = await this.#any()
    const nodeId = await broker.findCoordinator(type, key)
    this.#coordinators.set(`${type} ${key}`, nodeId)
    return this.node(nodeId)
  }

  /** Runs a request at a coordinator and forgets who that is when the answer says, or the lost connection hints, that it moved. */
  async atCoordinator<T>(
    type: CoordinatorType,
    key: string,
    request: (broker: Broker) => Promise<T>,
  ): Promise<T> {
    try {
      return await request(await this.coordinator(type, key))
    } catch (error) {
      if (
        isStaleCoordinator(error) ||
        isConnectionError(error) ||
        codeOf(error) === CODE.BROKER_NOT_AVAILABLE
      ) {
        this.#coordinators.delete(`${type} ${key}`)
      }
      throw error
    }
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Closes all connections for good; requests under way, and all later ones, fail as on a lost connection. What is being
   * connected cannot be interrupted: it is awaited, for as long as the client's connection time-out at most, and closed then.
   */
  async close(): Promise<void> {
    this.#isClosed = true
    const brokers = new Set([...this.#nodes.values(), ...(this.#seed ? [this.#seed] : [])])
    this.#nodes.clear()
    this.#seed = undefined
    for (const broker of brokers) broker.destroy()
    const opening = [...this.#opening]
    await Promise.allSettled(opening.map(([, connected]) => connected))
    for (const [broker] of opening) broker.destroy()
  }

  /** A connected broker: one that is, else one that can be reached, else the next of the user's list. */
  async #any(): Promise<Broker> {
    this.#failIfClosed()
    const known = [...this.#nodes.values(), ...(this.#seed ? [this.#seed] : [])]
    const connected = known.find((broker) => broker.isConnected())
    if (connected) return connected
    for (const broker of known) if (await this.#isReachable(broker)) return broker
    return this.#connectSeed()
  }

  async #connectSeed(): Promise<Broker> {
    const seeds = await this.#cluster.seeds()
    let cause: unknown
    for (const _ of seeds) {
      const seed = await this.#cluster.createBroker()
      try {
        await this.#open(seed)
        this.#seed = seed
        return seed
      } catch (error) {
        cause = error
        seed.destroy()
      }
    }
    throw new KafkaUnreachableError(seeds, { cause })
  }

  async #isReachable(broker: Broker): Promise<boolean> {
    try {
      await this.#open(broker)
      return true
    } catch (error) {
      if (isConnectionError(error) && !this.#isClosed) return false
      throw error
    }
  }

  async #open(broker: Broker): Promise<void> {
    this.#failIfClosed()
    const opening = broker.connect()
    this.#opening.set(broker, opening)
    try {
      await opening
    } finally {
      this.#opening.delete(broker)
    }
    this.#failIfClosed()
  }

  #failIfClosed(): void {
    if (this.#isClosed) throw new ConnectionLostError('the connection was closed by this client')
  }

  async #learn({ brokers, controllerId, topics }: ClusterMetadata): Promise<void> {
    this.#controllerId = controllerId
    for (const topic of topics) this.#learnLeaders(topic)
    for (const address of brokers) {
      const known = this.#nodes.get(address.nodeId)
      if (known && isAt(known, address)) continue
      const broker = this.#adoptSeed(address) ?? (await this.#cluster.createBroker(address))
      const replaced = this.#nodes.get(address.nodeId)
      this.#nodes.set(address.nodeId, broker)
      replaced?.destroy()
    }
  }

  /** The connection to a broker of the user's list goes on as the connection to the node that it turned out to be. */
  #adoptSeed(address: NodeAddress): Broker | undefined {
    const seed = this.#seed
    if (!seed || !isAt(seed, address)) return undefined
    this.#seed = undefined
    return seed
  }

  #learnLeaders({ topic, errorCode, partitions }: TopicMetadata): void {
    if (errorCode !== 0) return void this.#leaders.delete(topic)
    const led = partitions.filter(({ leader }) => leader >= 0)
    this.#leaders.set(topic, new Map(led.map(({ partition, leader }) => [partition, leader])))
  }
}

function isAt({ address }: Broker, { host, port }: BrokerAddress): boolean {
  return address.host === host && address.port === port
}
