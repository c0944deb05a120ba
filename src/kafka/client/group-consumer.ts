import { ConsumerFailedError, TopicMissingError } from '../../errors/kafka-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { MemberAssignment } from '../group-assignor.ts'
import type { GroupConsumer, GroupConsumerOptions, StopOptions } from '../group-consumer.ts'
import type { GroupMembership } from '../group-membership.ts'
import { CODE } from './broker-error.ts'
import { Brokers } from './brokers.ts'
import type { Cluster } from './cluster.ts'
import { Fetcher, type FetchLimits } from './fetcher.ts'
import { GroupMember } from './group-member.ts'
import type { Member } from './member.ts'
import { ReconcilingMember } from './reconciling-member.ts'

/** Kafka's default `fetch.max.wait.ms`: two requests a second and broker when nothing happens. */
const MAX_WAIT_MS = 500
/** On the second lane, which is for partitions that cannot wait for the first: it must be free again soon. Guess. */
const BRIEF_WAIT_MS = 10

/**
 * Membership and fetching are independent of each other, so that neither a slow
 * listener nor an idle partition holds up a heartbeat. Each start has its own connections and joins as a new member.
 */
export class ClientGroupConsumer implements GroupConsumer {
  readonly #cluster: Cluster
  readonly #options: GroupConsumerOptions
  readonly #limits: FetchLimits
  readonly #logger: Logger
  #running: Running | undefined

  constructor(
    cluster: Cluster,
    options: GroupConsumerOptions,
    limits: FetchLimits,
    logger: Logger,
  ) {
    this.#cluster = cluster
    this.#options = options
    this.#limits = limits
    this.#logger = logger
  }

  async start(): Promise<void> {
    if (this.#running)
      throw new TypeError(`the consumer of group ${this.#options.groupId} has been started`)
    const running = this.#create()
    this.#running = running
    try {
      await this.#failIfTopicsAreMissing(running)
      await running.member.start()
    } catch (error) {
      if (this.#running === running) {
        await this.stop()
        throw error
      }
      const reason = 'it was stopped while it joined'
      throw new ConsumerFailedError(this.#options.groupId, reason, { cause: error })
    }
  }

  fetchFrom(partition: TopicPartition, offset: bigint, leaderEpoch?: number): void {
    this.#running?.fetcher.fetchFrom(partition, offset, leaderEpoch)
  }

  pause(partition: TopicPartition): void {
    this.#running?.fetcher.pause(partition)
  }

  resume(partition: TopicPartition): void {
    this.#running?.fetcher.resume(partition)
  }

  emptyAgo(partition: TopicPartition): number {
    return this.#running?.fetcher.emptyAgo(partition) ?? Infinity
  }

  announce(): void {
    this.#running?.member.announce()
  }

  get membership(): GroupMembership | undefined {
    return this.#running?.member.membership
  }

  async stop(options: StopOptions = {}): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (!running) return
    running.fetcher.assign([])
    await running.member.stop(options)
    await Promise.all(running.connections.map((brokers) => brokers.close()))
  }

  #create(): Running {
    const { listener, groupId, groupProtocol, isolation = 'read_committed' } = this.#options
    const [first, second] = [new Brokers(this.#cluster), new Brokers(this.#cluster)]
    const fetcher = new Fetcher({
      groupId,
      limits: this.#limits,
      lanes: [
        { brokers: first, maxWaitMs: MAX_WAIT_MS, busyNodes: new Set() },
        { brokers: second, maxWaitMs: BRIEF_WAIT_MS, busyNodes: new Set() },
      ],
      readCommitted: isolation === 'read_committed',
      decompress: (codec, records) => this.#cluster.decompress(codec, records),
      listener,
      logger: this.#logger,
    })
    const onAssigned = ({ partitions, userData }: Required<MemberAssignment>) => {
      fetcher.assign(partitions)
      return listener.onAssigned(partitions, userData)
    }
    const onFailed = (error: StreamsError): void => {
      fetcher.assign([])
      listener.onFailed(error)
    }
    const parts = {
      brokers: first,
      leaveBrokers: second,
      options: this.#options,
      listener: { onAssigned, onFailed },
      logger: this.#logger,
    }
    const member =
      groupProtocol === 'consumer' ? new ReconcilingMember(parts) : new GroupMember(parts)
    return { fetcher, member, connections: [first, second] }
  }

  /** A consumer would join without them and wait for ever. */
  async #failIfTopicsAreMissing({ connections }: Running): Promise<void> {
    const { topics } = await connections[0].metadata(this.#options.topics)
    const missing = topics.filter(({ errorCode }) => errorCode === CODE.UNKNOWN_TOPIC_OR_PARTITION)
    if (missing.length > 0)
      throw new TopicMissingError(
        missing.map(({ topic }) => topic),
        'read',
      )
  }
}

/** What lives from a start to a stop. */
interface Running {
  readonly fetcher: Fetcher
  readonly member: Member
  readonly connections: readonly [Brokers, Brokers]
}
