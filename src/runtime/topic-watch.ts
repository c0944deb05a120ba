import type { Kafka } from '../kafka/kafka.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import type { Topology } from '../topology/topology.ts'

/** What a {@link TopicWatch} works with. */
export interface TopicWatchOptions {
  readonly topology: Topology
  readonly applicationId: string
  readonly kafka: Kafka
  readonly telemetry: Telemetry
  readonly everyMs: number
  /** The sources by pattern read other topics than before. */
  readonly onChanged: () => void
}

/** Looks now and then whether the patterns of a topology match other topics than at its start. */
export class TopicWatch {
  readonly #options: TopicWatchOptions
  readonly #known: string
  readonly #timer: NodeJS.Timeout
  #isOver = false

  /** @param running What was made of the topics that were found. */
  constructor(options: TopicWatchOptions, running: RunnableTopology) {
    this.#options = options
    this.#known = foundIn(running)
    this.#timer = setInterval(() => void this.#look(), options.everyMs).unref()
  }

  stop(): void {
    this.#isOver = true
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const { topology, applicationId, kafka, telemetry, onChanged } = this.#options
    try {
      const found = topology.forApplication(applicationId, await kafka.listTopics())
      if (this.#isOver || foundIn(found) === this.#known) return
      telemetry.logger.info('other topics match', { topics: foundIn(found) })
      this.stop()
      onChanged()
    } catch (error) {
      if (!this.#isOver) telemetry.logger.warn('could not look for topics', { error })
    }
  }
}

function foundIn({ subtopologies }: RunnableTopology): string {
  const sources = subtopologies.flatMap(({ sources }) => sources)
  return sources.flatMap(({ topic, pattern }) => (pattern === undefined ? [] : [topic])).join(', ')
}
