import type {
  FetchedBatch,
  GroupConsumer,
  GroupConsumerOptions,
  StopOptions,
} from '../../../src/kafka/group-consumer.ts'
import { InstanceFencedError } from '../../../src/errors/kafka-errors.ts'
import type { GroupMembership } from '../../../src/kafka/group-membership.ts'
import { formatTopicPartition, type TopicPartition } from '../../../src/model/topic-partition.ts'
import type { Line, Network } from '../world/network.ts'

/** What the broker has for one consumer. */
export interface BrokerSide {
  /** The consumer that is a member without a network. */
  createInner(options: GroupConsumerOptions): GroupConsumer
  /** Whether another member has its instance id, once it is none itself. */
  isNameTaken(): boolean
}

/**
 * A member whose broker is a network away. What was fetched for an older position or assignment is not delivered, as the port
 * says: every position has a number, which what is fetched from it carries.
 */
export class SimulatedConsumer implements GroupConsumer {
  readonly #options: GroupConsumerOptions
  readonly #inner: GroupConsumer
  readonly #isNameTaken: () => boolean
  readonly #toBroker: (event: () => void) => void
  readonly #toClient: (event: () => void) => void
  #positions = 0
  /** The number of each partition's position, as the client and as the broker see it. */
  readonly #wanted = new Map<string, number>()
  readonly #fetched = new Map<string, number>()
  /** As the client knows it. */
  #membership: GroupMembership | undefined
  #isMember = false
  #isStopped = false

  constructor(
    network: Network,
    line: Line,
    options: GroupConsumerOptions,
    { createInner, isNameTaken }: BrokerSide,
  ) {
    this.#options = options
    this.#toBroker = network.stream(line.server)
    this.#toClient = network.stream(line.client)
    this.#isNameTaken = isNameTaken
    this.#inner = createInner({ ...options, listener: this.#createListener() })
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#toBroker(() => {
        this.#join().then(
          () => this.#toClient(resolve),
          (error: Error) => this.#toClient(() => reject(error)),
        )
      })
    })
  }

  fetchFrom(partition: TopicPartition, offset: bigint): void {
    const number = ++this.#positions
    const key = formatTopicPartition(partition)
    this.#wanted.set(key, number)
    this.#toBroker(() => {
      this.#fetched.set(key, number)
      this.#inner.fetchFrom(partition, offset)
    })
  }

  pause(partition: TopicPartition): void {
    this.#toBroker(() => this.#inner.pause(partition))
  }

  resume(partition: TopicPartition): void {
    this.#toBroker(() => this.#inner.resume(partition))
  }

  emptyAgo(partition: TopicPartition): number {
    return this.#inner.emptyAgo(partition)
  }

  get membership(): GroupMembership | undefined {
    return this.#membership
  }

  announce(): void {
    this.#toBroker(() => this.#inner.announce())
  }

  /** A static member stays one until its session is over, or another takes its place: the broker sees to that. */
  async stop(options?: StopOptions): Promise<void> {
    this.#isStopped = true
    await new Promise<void>((resolve) =>
      this.#toBroker(() => {
        this.#end(options)
        this.#toClient(resolve)
      }),
    )
  }

  /** No heartbeat came for long: the broker gives its partitions to others. */
  expire(): void {
    this.#end({ leaveGroup: true })
  }

  /** The client is alive after all, and learns that it is no member any more. */
  rejoin(): void {
    if (this.#isMember || this.#isStopped) return
    this.#toBroker(() => {
      if (!this.#isMember && this.#isNameTaken()) this.#fenced()
      else void this.#join()
    })
  }

  #end(options?: StopOptions): void {
    if (!this.#isMember) return
    this.#isMember = false
    void this.#inner.stop(options)
  }

  #fenced(): void {
    const { groupId, groupInstanceId, listener } = this.#options
    const error = new InstanceFencedError(groupId, groupInstanceId!)
    this.#toClient(() => listener.onFailed(error))
  }

  async #join(): Promise<void> {
    if (this.#isMember || this.#isStopped) return
    this.#isMember = true
    await this.#inner.start()
  }

  #createListener(): GroupConsumerOptions['listener'] {
    const { listener } = this.#options
    return {
      onAssigned: (partitions, userData) => {
        const { membership } = this.#inner
        this.#fetched.clear()
        this.#toClient(() => {
          this.#membership = membership
          this.#wanted.clear()
          if (!this.#isStopped) void listener.onAssigned(partitions, userData)
        })
      },
      onBatch: (batch) => this.#deliver(batch),
      onFailed: (error) => this.#toClient(() => listener.onFailed(error)),
    }
  }

  #deliver(batch: FetchedBatch): void {
    const key = formatTopicPartition(batch)
    const number = this.#fetched.get(key)
    this.#toClient(() => {
      if (number !== undefined && this.#wanted.get(key) === number)
        this.#options.listener.onBatch(batch)
    })
  }
}
