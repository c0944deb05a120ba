import { progressOffsets } from '../changelog/progress.ts'
import { readClaims, type Claim } from '../commit/claim.ts'
import type { SourcePosition } from '../commit/commit-unit.ts'
import type { Database } from '../database/database.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { PartitionOffset } from '../kafka/topics-and-offsets.ts'
import { groupBy } from '../model/group-by.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition } from '../model/topic-partition.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { ApplicationPlan } from './application-plan.ts'
import type { Task } from './task/task.ts'
import type { RelayHolder } from './relay-holder.ts'

/** What housekeeping works with. */
export interface HousekeepingOptions {
  readonly plan: ApplicationPlan
  readonly database: Database
  readonly kafka: Kafka
  readonly telemetry: Telemetry
  readonly relays: RelayHolder
  readonly tasks: () => readonly Task[]
  readonly claims: () => readonly Claim[]
  readonly onFenced: (taskIds: readonly TaskId[]) => void
  readonly purgeIntervalMs: number
}

/** An idle owner looks at its rows this often: nothing else would tell it that it was fenced. */
const EPOCH_CHECK_MS = 3_000
/** Offsets of tasks that move without sending anything reach Kafka, and lag tools, this often. */
const IDLE_OFFSETS_MS = 5_000

/**
 * The slow timers of an instance: clears internal topics of what nobody will read any more, checks the epochs of idle tasks, and
 * writes offsets that no batch carries. A failure of any is logged and tried again at the next turn: without them topics grow, and
 * who makes a batch again goes further back.
 */
export class Housekeeping {
  readonly #options: HousekeepingOptions
  readonly #written = new Map<string, bigint>()
  readonly #timers: NodeJS.Timeout[] = []

  constructor(options: HousekeepingOptions) {
    this.#options = options
  }

  start(): void {
    this.#every(EPOCH_CHECK_MS, () => this.#checkEpochs())
    this.#every(this.#options.purgeIntervalMs, () => this.#purge())
    this.#every(IDLE_OFFSETS_MS, () => this.#writeOffsets())
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  #every(ms: number, work: () => Promise<void>): void {
    const run = () =>
      void work().catch((error: unknown) =>
        this.#options.telemetry.logger.warn('housekeeping failed', { error }),
      )
    this.#timers.push(setInterval(run, ms).unref())
  }

  async #checkEpochs(): Promise<void> {
    const claims = this.#options.claims()
    if (claims.length === 0) return
    const rows = await readClaims(
      this.#options.database,
      claims.map(({ taskId }) => taskId),
    )
    const epochs = new Map(rows.map(({ taskId, epoch }) => [taskId, epoch]))
    // Only what is still held under the epoch that was read: a claim of our own may have come in between.
    const held = new Map(this.#options.claims().map(({ taskId, epoch }) => [taskId, epoch]))
    const fenced = claims.filter(
      ({ taskId, epoch }) => held.get(taskId) === epoch && (epochs.get(taskId) ?? 0n) > epoch,
    )
    if (fenced.length > 0) this.#options.onFenced(fenced.map(({ taskId }) => taskId))
  }

  async #purge(): Promise<void> {
    const internal = new Set(this.#options.plan.topology.internalTopics.map(({ topic }) => topic))
    const positionsOf = (task: Task) =>
      task.progress.durable.positions.filter(({ topic }) => internal.has(topic))
    const byKind = groupBy(this.#options.tasks(), ({ progress }) => progress.isReplayed)
    const stored = (byKind.get(false) ?? []).flatMap(positionsOf)
    const replayed = (byKind.get(true) ?? []).flatMap(positionsOf)
    const before = [...toOffsets(stored), ...(await this.#published(replayed))]
    if (before.length > 0) await this.#options.kafka.deleteRecords(before)
  }

  /** A next owner goes on from what is committed in Kafka, which what is durable may be ahead of. */
  async #published(positions: readonly SourcePosition[]): Promise<PartitionOffset[]> {
    if (positions.length === 0) return []
    const { kafka, plan } = this.#options
    const committed = await kafka.groupOffsets(plan.applicationId, positions)
    return positions.flatMap(({ topic, partition }) => {
      const offset = committed.get(formatTopicPartition({ topic, partition }))?.offset
      return offset === undefined ? [] : [{ topic, partition, offset }]
    })
  }

  /** INVARIANT: only a durable sequence is written: its batch is ahead of this one in the relay's queue, or published. */
  async #writeOffsets(): Promise<void> {
    for (const task of this.#options.tasks()) {
      const { positions, sequence } = task.progress.durable
      const moved = positions.some(
        (position) => this.#written.get(formatTopicPartition(position)) !== position.nextOffset,
      )
      // What is open will carry them soon; but a task that is never idle and sends little would be made again from far back.
      if (!moved || (task.isDirty && !task.progress.isReplayed)) continue
      this.#options.relays.enqueue([
        { taskId: task.id, sequence, rows: [], positions, records: [] },
      ])
      for (const offset of progressOffsets(positions, sequence))
        this.#written.set(formatTopicPartition(offset), offset.offset)
    }
    await Promise.resolve()
  }
}

function toOffsets(positions: readonly SourcePosition[]): PartitionOffset[] {
  return positions.map(({ topic, partition, nextOffset }) => ({
    topic,
    partition,
    offset: nextOffset,
  }))
}
