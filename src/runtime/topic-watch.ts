import type { Kafka } from '../kafka/kafka.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { Topology } from '../topology/topology.ts'
import type { ApplicationPlan } from './application-plan.ts'

/** What a {@link TopicWatch} works with. */
export interface TopicWatchOptions {
  readonly topology: Topology
  readonly applicationId: string
  readonly kafka: Kafka
  readonly telemetry: Telemetry
  readonly everyMs: number
  /** Topics are not what the application was started with. */
  readonly onChanged: () => void
}

/**
 * Looks now and then whether the topics of a topology are still those of its start: patterns may match others, a topic may have
 * grown, or may have been deleted and made again.
 */
export class TopicWatch {
  readonly #options: TopicWatchOptions
  readonly #matched: string
  readonly #plan: ApplicationPlan
  readonly #timer: NodeJS.Timeout
  #isOver = false

  /** @param running What was made of the topics that were found. @param plan What was known of them. */
  constructor(options: TopicWatchOptions, running: RunnableTopology, plan: ApplicationPlan) {
    this.#options = options
    this.#matched = matchedBy(running)
    this.#plan = plan
    this.#timer = setInterval(() => void this.#look(), options.everyMs).unref()
  }

  stop(): void {
    this.#isOver = true
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const { telemetry, onChanged } = this.#options
    try {
      const change = (await this.#otherMatches()) ?? (await this.#otherTopics())
      if (this.#isOver || !change) return
      telemetry.logger.info('topics have changed', { topics: change })
      this.stop()
      onChanged()
    } catch (error) {
      if (!this.#isOver) telemetry.logger.warn('could not look for topics', { error })
    }
  }

  async #otherMatches(): Promise<string | undefined> {
    const { topology, applicationId, kafka } = this.#options
    if (!topology.hasPatterns) return undefined
    const matched = matchedBy(topology.forApplication(applicationId, await kafka.listTopics()))
    return matched === this.#matched ? undefined : matched
  }

  /** A topic that is not there is no change yet: a broker may only not have heard of it. */
  async #otherTopics(): Promise<string | undefined> {
    const { partitionsOf, topicIds } = this.#plan
    const described = await this.#options.kafka.describeTopics([...partitionsOf.keys()])
    const changed = [...described].filter(
      ([topic, { partitions, topicId }]) =>
        partitions !== partitionsOf.get(topic) || isOther(topicId, topicIds.get(topic)),
    )
    return changed.length > 0 ? changed.map(([topic]) => topic).join(', ') : undefined
  }
}

function matchedBy({ subtopologies }: RunnableTopology): string {
  const sources = subtopologies.flatMap(({ sources }) => sources)
  return sources.flatMap(({ topic, pattern }) => (pattern === undefined ? [] : [topic])).join(', ')
}

/** Of a topic whose identity is known both times. */
function isOther(now: string | undefined, before: string | undefined): boolean {
  return now !== undefined && before !== undefined && now !== before
}
