import { randomBytes } from 'node:crypto'
import { checkStillThere } from '../../commit/catalogue.ts'
import { readClaims, type Claim } from '../../commit/claim.ts'
import { commitBounds } from '../../commit/commit-bounds.ts'
import { beginReshard, endReshard, readSizes, type TopicSizes } from '../../commit/reshard.ts'
import type { TaskId } from '../../model/task-id.ts'
import { createTelemetry } from '../../telemetry/telemetry.ts'
import { resolvePartitions } from '../../topology/compile/resolve-partitions.ts'
import type { RunnableTopology } from '../../topology/runnable-topology.ts'
import type { Topology } from '../../topology/topology.ts'
import { Backoff } from '../backoff.ts'
import { withDeadLetters } from '../task/dead-letter.ts'
import { patiently } from '../patiently.ts'
import { planApplication, prepareDatabase, tablesOf } from '../start/prepare-application.ts'
import { prepareSerdes } from '../start/prepare-serdes.ts'
import { resolveOptions, type StreamsOptions } from '../streams-options.ts'
import { finishPartitions, type ReshardContext } from './finish-partitions.ts'
import { keptTimes } from './kept-times.ts'
import { checkRows, moveAll, type RowsOfPartition } from './move-rows.ts'
import { newPositions } from './new-positions.ts'
import { placedRowsOf } from './placed-rows.ts'
import { Resize, type GrownTopic } from './resize.ts'

/** What {@link reshard} has done. */
export interface Resharded {
  /** Topics that have got more partitions, internal ones too; none: there was nothing to do. */
  readonly topics: readonly GrownTopic[]
  /** Rows and timers that were moved by this call. */
  readonly moved: number
}

/**
 * Moves what an application keeps to the partitions that its keys have, after input topics have got more partitions: a start is
 * refused until then (`CATALOGUE_MISMATCH`). Kafka Streams cannot do so: there the application is reset.
 *
 * Called with the topology and the options of the application, while no instance runs and nobody writes to topics whose records
 * are kept by key. First it finishes, as a member of the group, what was written for the partitions there were. Then rows of all
 * stores, buffers and timers move by Java's murmur2 of the bytes of their keys, 1,000 in a transaction, internal topics get as many
 * partitions, and the database is made for them. New partitions are read from their beginning, whatever `offsetReset` says. The
 * stream time of all tasks of a sub-topology becomes the latest of theirs: windows that closes are told first.
 *
 * Whatever happens, nothing is lost or counted twice: who dies or fails is gone on with by the next call. It changes nothing when no
 * topic has grown, and where it is refused before it has begun to move.
 *
 * @returns What has grown and how many rows were moved.
 * @throws ReshardError `RESHARD_REFUSED`: an instance runs, producers have gone on in between, or rows do not lie where their
 *   keys belong; CatalogueMismatchError `CATALOGUE_MISMATCH` for other changes than numbers of partitions; TasksFencedError
 *   `TASKS_FENCED` where two calls are made at once; what {@link Streams.start} throws.
 *
 * @example
 * ```ts
 * const { topics, moved } = await reshard(topology, options)
 * for (const { topic, from, to } of topics) console.log(`${topic}: ${from} → ${to} partitions`)
 * console.log(`${moved} rows were moved`)
 * await new Streams(topology, options).start()
 * ```
 */
export async function reshard(topology: Topology, options: StreamsOptions): Promise<Resharded> {
  const resolved = resolveOptions(options)
  const { applicationId, schema, deadLetterQueueTopic } = resolved
  const { logger, clock, signals } = options
  const telemetry = createTelemetry({
    ...(logger && { logger }),
    ...(clock && { clock }),
    ...(signals && { signals }),
  })
  const kafka = await resolved.kafka.open({ clientId: applicationId, logger: telemetry.logger })
  try {
    const database = await resolved.database.open({ schema, logger: telemetry.logger })
    try {
      const matching = topology.hasPatterns ? await kafka.listTopics() : []
      const runnable = topology.forApplication(applicationId, matching)
      const application = withDeadLetters(runnable, deadLetterQueueTopic)
      return await new Reshard(application, { kafka, database, options: resolved, telemetry }).run()
    } finally {
      await database.close()
    }
  } finally {
    await kafka.close()
  }
}

/** One call. */
class Reshard {
  readonly #topology: RunnableTopology
  readonly #context: ReshardContext

  constructor(topology: RunnableTopology, context: ReshardContext) {
    this.#topology = topology
    this.#context = context
  }

  async run(): Promise<Resharded> {
    const { database, options, telemetry } = this.#context
    await prepareSerdes(this.#topology, { retryMs: options.taskTimeoutMs })
    const { sizes, isBegun } = await readSizes(database)
    const resize = await this.#plan(sizes)
    if (resize.topics.length === 0 && !isBegun) return { topics: [], moved: 0 }
    telemetry.logger.info('an application is resharded', { topics: resize.topics, isBegun })
    if (isBegun) await checkStillThere(database, resize.before.entries)
    else await this.#prepare(resize)
    const moved = await this.#move(resize)
    telemetry.logger.info('an application was resharded', { moved })
    return { topics: resize.topics, moved }
  }

  /** Internal topics have not grown yet: how large they have to be follows from the others. */
  async #plan(sizes: TopicSizes): Promise<Resize> {
    const { kafka, options } = this.#context
    const { applicationId } = options
    const before = await planApplication(applicationId, this.#topology, kafka, sizes)
    const found = await planApplication(applicationId, this.#topology, kafka)
    const { internalTopics } = resolvePartitions(this.#topology, found.partitionsOf)
    const after = await planApplication(applicationId, this.#topology, kafka, internalTopics)
    return new Resize(before, after, sizes)
  }

  /** Everything that can be refused, and everything that needs the partitions as they were. */
  async #prepare(resize: Resize): Promise<void> {
    const { database, options, telemetry } = this.#context
    const { sessionTimeoutMs, taskTimeoutMs: retryMs } = options
    const bounds = commitBounds(sessionTimeoutMs)
    await prepareDatabase(resize.before, { database, telemetry, bounds, retryMs })
    await finishPartitions(this.#context, resize)
    for (const { rows, partition } of this.#pieces(resize))
      await this.#patiently(() => checkRows(database, { rows, partition }))
  }

  async #move(resize: Resize): Promise<number> {
    const { database, kafka, options } = this.#context
    const { before, after } = resize
    const bounds = commitBounds(options.sessionTimeoutMs)
    const instance = `reshard-${randomBytes(8).toString('hex')}`
    const taskIds = [...before.tasks.keys()]
    const claims = await beginReshard(database, taskIds, instance, bounds.claim)
    const claimOf = new Map(claims.map((claim) => [claim.taskId, claim]))
    await kafka.growTopics(
      [...after.partitionsOf]
        .filter(([topic]) => this.#topology.internalTopics.some((one) => one.topic === topic))
        .map(([topic, partitions]) => ({ topic, partitions })),
    )
    await database.migrate(tablesOf(after), () => Promise.resolve())
    let moved = 0
    for (const { task, ...piece } of this.#pieces(resize))
      moved += await this.#patiently(() => moveAll({ database, bounds }, claimOf.get(task)!, piece))
    await this.#end(resize, claims)
    return moved
  }

  async #end(resize: Resize, claims: readonly Claim[]): Promise<void> {
    const { database, kafka, options } = this.#context
    const rows = await readClaims(database, [...resize.before.tasks.keys()])
    const { tasks, times } = await keptTimes(database, resize, rows)
    const positions = await newPositions(kafka, resize)
    const entries = resize.after.entries.filter(({ kind }) => kind === 'topic' || kind === 'store')
    const end = { claims, tasks, times, positions, entries }
    const bounds = commitBounds(options.sessionTimeoutMs)
    await this.#patiently(() => endReshard(database, end, bounds.claim))
  }

  /** Where rows have to be looked at, and the tasks that they were of. */
  #pieces(resize: Resize): (RowsOfPartition & { readonly task: TaskId })[] {
    return resize.subtopologies.flatMap((grown) =>
      placedRowsOf(grown, resize).flatMap((rows) =>
        resize.tasksBefore(grown).map((task, partition) => ({ rows, partition, task })),
      ),
    )
  }

  #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { telemetry, options } = this.#context
    return patiently(work, new Backoff(telemetry.clock, options.taskTimeoutMs))
  }
}
