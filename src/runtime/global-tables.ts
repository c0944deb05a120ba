import { readPositions } from '../commit/positions.ts'
import type { Reader } from '../database/transaction.ts'
import type { Kafka } from '../kafka/kafka.ts'
import { formatTopicPartition, type TopicPartition } from '../model/topic-partition.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { ApplicationPlan, TaskPlan } from './application-plan.ts'

/** What is needed to know how far global tables are. */
export interface GlobalTablesOptions {
  readonly plan: ApplicationPlan
  readonly kafka: Pick<Kafka, 'logRanges'>
  readonly database: Reader
  readonly telemetry: Telemetry
  /** The tables are loaded: tasks that waited may go on. */
  readonly onLoaded: () => void
}

/** How often the tables are looked at until they are loaded. A guess: short beside the start of an instance. */
const LOOK_MS = 50

/**
 * Says when the global tables have come to where their topics ended at the start of the instance. Until then, tasks that read
 * them wait: otherwise their first records would find no rows.
 *
 * The tables are filled by their own tasks, wherever these are; how far they are stands in the database.
 */
export class GlobalTables {
  readonly #options: GlobalTablesOptions
  readonly #keepers: readonly TaskPlan[]
  readonly #stopped = new AbortController()
  #isLoaded: boolean

  constructor(options: GlobalTablesOptions) {
    this.#options = options
    const { tasks } = options.plan
    const read = new Set([...tasks.values()].flatMap((task) => task.globals.map(storeOf)))
    this.#keepers = [...tasks.values()].filter(({ subtopology }) =>
      subtopology.stores.some(({ name }) => read.has(name)),
    )
    this.#isLoaded = this.#keepers.length === 0
  }

  get isLoaded(): boolean {
    return this.#isLoaded
  }

  /** Begins to look; what fails is logged and tried again. */
  start(): void {
    if (!this.#isLoaded) void this.#load()
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #load(): Promise<void> {
    const { telemetry, onLoaded } = this.#options
    let ends: ReadonlyMap<string, bigint> | undefined
    while (!this.#stopped.signal.aborted && !this.#isLoaded) {
      try {
        ends ??= await this.#ends()
        this.#isLoaded = await this.#hasReached(ends)
      } catch (error) {
        telemetry.logger.warn('global tables could not be looked at', { error })
      }
      if (!this.#isLoaded) await telemetry.clock.sleep(LOOK_MS, this.#stopped.signal)
    }
    if (this.#isLoaded) onLoaded()
  }

  /** Where partitions end that have anything. */
  async #ends(): Promise<ReadonlyMap<string, bigint>> {
    const ranges = await this.#options.kafka.logRanges(this.#keepers.flatMap(globalPartitions))
    const filled = [...ranges].filter(([, { start, end }]) => end > start)
    return new Map(filled.map(([partition, { end }]) => [partition, end]))
  }

  async #hasReached(ends: ReadonlyMap<string, bigint>): Promise<boolean> {
    for (const task of this.#keepers) {
      const positions = await readPositions(this.#options.database, task.taskId)
      const next = new Map(positions.map((one) => [formatTopicPartition(one), one.nextOffset]))
      const isBehind = globalPartitions(task).some((partition) => {
        const name = formatTopicPartition(partition)
        return (next.get(name) ?? 0n) < (ends.get(name) ?? 0n)
      })
      if (isBehind) return false
    }
    return true
  }
}

function storeOf({ definition }: TaskPlan['globals'][number]): string {
  return definition.name
}

function globalPartitions({ subtopology, partitions }: TaskPlan): readonly TopicPartition[] {
  const topics = new Set(
    subtopology.sources.filter(({ isGlobal }) => isGlobal).map(({ topic }) => topic),
  )
  return partitions.filter(({ topic }) => topics.has(topic))
}
