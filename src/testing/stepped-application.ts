import { readOutbox } from '../changelog/outbox-reader.ts'
import type { RelayBatch } from '../changelog/relay-batch.ts'
import { claim, readClaims } from '../commit/claim.ts'
import { commitUnits } from '../commit/commit-units.ts'
import type { OutboxKey } from '../commit/commit-unit.ts'
import { readPositions } from '../commit/positions.ts'
import type { Database } from '../database/database.ts'
import type { TransactionOptions } from '../database/transaction.ts'
import { decodeRecords } from '../kafka/record-batch/decode-records.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'
import type { ApplicationPlan, TaskPlan } from '../runtime/application-plan.ts'
import { createTask, type TaskSurroundings } from '../runtime/create-task.ts'
import { PartitionQueue } from '../runtime/partition-queue.ts'
import type { Task } from '../runtime/task.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import { OutputQueue } from './output-queue.ts'
import type { TestedApplication } from './tested-application.ts'
import type { ToyClock } from './toy-clock.ts'
import { ToyLog } from './toy-log.ts'

/** What a stepped application is made of. */
export interface SteppedParts {
  /** With one sub-topology, of one partition. */
  readonly plan: ApplicationPlan
  readonly database: Database
  readonly clock: ToyClock
  readonly telemetry: Telemetry
  readonly surroundings: TaskSurroundings
  readonly bounds: TransactionOptions
  /** Whether to commit after the record that was just processed. (Default: yes, but once for records that were piped together) */
  readonly commitsAfter: (() => boolean) | undefined
  /** Whether to crash after the record that was just processed. (Default: no) */
  readonly crashesAfter: (() => boolean) | undefined
}

/**
 * A topology as one task that takes one record at a time, as Kafka's `TopologyTestDriver` does: of the topics with records, the one
 * whose next has the lowest timestamp; then punctuations by stream time, a commit, and what was sent to topics that are read goes
 * to their ends.
 *
 * Task, stores, commits and outbox are those of production; only Kafka is a list of records for each topic.
 */
export class SteppedApplication implements TestedApplication {
  readonly partitionsOf: ReadonlyMap<string, number>
  readonly #parts: SteppedParts
  readonly #logs: ReadonlyMap<string, ToyLog>
  readonly #queues = new Map<string, OutputQueue>()
  #task: Task | undefined
  #published: OutboxKey[] = []
  /** Sequence of the last batch that is in the logs. */
  #publishedUpTo = 0n
  /** One thing at a time. */
  #last: Promise<void> = Promise.resolve()

  private constructor(parts: SteppedParts) {
    this.#parts = parts
    this.partitionsOf = parts.plan.partitionsOf
    this.#logs = new Map(
      this.#plan.partitions.map(({ topic }) => [topic, new ToyLog(topic)] as const),
    )
    for (const topic of this.topology.outputTopics) this.#queues.set(topic, new OutputQueue())
  }

  /** Claims the task and runs it. */
  static async open(parts: SteppedParts): Promise<SteppedApplication> {
    const application = new SteppedApplication(parts)
    await application.#start()
    return application
  }

  get topology(): RunnableTopology {
    return this.#parts.plan.topology
  }

  get tasks(): readonly TaskId[] {
    return [this.#plan.taskId]
  }

  get database(): Database {
    return this.#parts.database
  }

  now(): number {
    return this.#parts.clock.now()
  }

  get topicsWritten(): readonly string[] {
    return [...this.#queues.keys()]
  }

  queueOf(topic: string): OutputQueue | undefined {
    return this.topology.choosesTopics ? this.#openQueue(topic) : this.#queues.get(topic)
  }

  pipe(records: readonly OutgoingRecord[]): Promise<void> {
    return this.#inTurn(async () => {
      for (const record of records) this.#append(record)
      const { commitsAfter } = this.#parts
      if (commitsAfter) await this.#process(commitsAfter)
      else await this.#settle(() => records.length === 1)
    })
  }

  commit(): Promise<void> {
    return this.#inTurn(() => this.#settle())
  }

  advanceWallClockTime(ms: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#parts.clock.advance(ms)
      await this.#running.punctuate()
      if (!this.#parts.commitsAfter) await this.#settle()
    })
  }

  /** Also after a failure: what is in the database is what it was before that. */
  restart(): Promise<void> {
    this.#last = this.#last.catch(() => undefined)
    return this.#inTurn(async () => {
      await this.#startAgain()
      if (!this.#parts.commitsAfter) await this.#settle()
    })
  }

  /** Nothing is finished by {@link restart} either. */
  crash(): Promise<void> {
    return this.restart()
  }

  async close(): Promise<void> {
    this.#task?.close()
    await this.#parts.database.close()
  }

  get #plan(): TaskPlan {
    return [...this.#parts.plan.tasks.values()][0]!
  }

  get #running(): Task {
    if (!this.#task) throw new TypeError('the application does not run')
    return this.#task
  }

  /** After a failure everything fails with it until {@link restart}: the application has stopped. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work)
    this.#last.catch(() => undefined)
    return this.#last
  }

  async #startAgain(): Promise<void> {
    this.#running.close()
    await this.#start()
  }

  async #start(): Promise<void> {
    const { database, surroundings, bounds } = this.#parts
    const { taskId } = this.#plan
    const [fresh] = await claim(database, [taskId], { instance: 'test-driver', bounds })
    const [row] = await readClaims(database, [taskId])
    const queues = await this.#openQueues()
    const ready = {
      claim: fresh!,
      task: this.#plan,
      row: row!,
      queues,
      isReplayed: false,
      isRewound: false,
      unread: [],
    }
    this.#task = await createTask(ready, surroundings)
    for (const batch of await readOutbox(database, taskId, this.#publishedUpTo))
      this.#publish(batch)
  }

  async #openQueues(): Promise<PartitionQueue[]> {
    const stored = await readPositions(this.#parts.database, this.#plan.taskId)
    return [...this.#logs.values()].map((log) => {
      const start = stored.find(({ topic }) => topic === log.topic)?.nextOffset ?? 0n
      const queue = new PartitionQueue({ topic: log.topic, partition: 0 }, start, log.end)
      if (start < log.end) queue.add(log.from(start))
      return queue
    })
  }

  /** Processes what waits and what comes of it, and commits all of it. */
  async #settle(commitsNow: () => boolean = () => true): Promise<void> {
    await this.#process(commitsNow)
    if (this.#running.isDirty) await this.#commit()
    // What the last commit published may be read here.
    if (this.#running.backlog > 0) await this.#settle(commitsNow)
  }

  async #process(commitsNow: () => boolean): Promise<void> {
    while (await this.#processOne()) {
      if (this.#parts.crashesAfter?.()) await this.#startAgain()
      else if (commitsNow() || this.#running.needsCommit) await this.#commit()
    }
  }

  /** Whether there was one. */
  async #processOne(): Promise<boolean> {
    if ((await this.#running.process(1)) > 0) {
      await this.#running.settle()
      return true
    }
    if (!this.#running.waiting) return false
    await this.#running.waiting
    return this.#processOne()
  }

  async #commit(): Promise<void> {
    const { database, telemetry, bounds } = this.#parts
    await this.#running.flush()
    const sealed = this.#running.seal(this.#published)
    this.#published = []
    await commitUnits(database, [sealed.unit], bounds, telemetry)
    sealed.committed()
    for (const record of sealed.direct) this.#deliver(record)
    if (sealed.batch) this.#publish(sealed.batch)
  }

  #publish({ sequence, rows, records }: RelayBatch): void {
    for (const record of records.flatMap(decodeRecords)) this.#deliver(record)
    this.#published.push(...rows)
    this.#publishedUpTo = sequence
  }

  #deliver(record: OutgoingRecord): void {
    const { topic } = record
    if (this.#logs.has(topic)) this.#append(record)
    if (this.topology.internalTopics.some((internal) => internal.topic === topic)) return
    const queue = this.#openQueue(topic)
    queue.add({ ...record, offset: BigInt(queue.size) })
  }

  #openQueue(topic: string): OutputQueue {
    const queue = this.#queues.get(topic) ?? new OutputQueue()
    this.#queues.set(topic, queue)
    return queue
  }

  #append(record: OutgoingRecord): void {
    this.#task?.add(this.#logs.get(record.topic)!.append(record))
  }
}
