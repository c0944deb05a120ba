import type { RelayBatch } from '../changelog/relay-batch.ts'
import { claim } from '../commit/claim.ts'
import { commitUnits } from '../commit/commit-units.ts'
import type { Database } from '../database/database.ts'
import type { TransactionOptions } from '../database/transaction.ts'
import { decodeRecords } from '../kafka/record-batch/decode-records.ts'
import type { OutgoingRecord } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'
import { formatTopicPartition } from '../model/topic-partition.ts'
import type { ApplicationPlan } from '../runtime/application-plan.ts'
import type { TaskSurroundings } from '../runtime/ownership/create-task.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import { OutputQueue } from './output-queue.ts'
import { SteppedTask } from './stepped-task.ts'
import type { TestedApplication } from './tested-application.ts'
import type { ToyClock } from './toy-clock.ts'
import { ToyLog } from './toy-log.ts'

/** What a stepped application is made of. */
export interface SteppedParts {
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
 * A topology whose tasks take one record at a time, in turn: of the topics with records, the one whose next has the lowest timestamp;
 * then punctuations by stream time, a commit, and what was sent to topics that are read goes to their ends. As one task it does what
 * Kafka's `TopologyTestDriver` does.
 *
 * Tasks, stores, commits and outboxes are those of production; only Kafka is a list of records for each partition.
 */
export class SteppedApplication implements TestedApplication {
  readonly partitionsOf: ReadonlyMap<string, number>
  readonly #parts: SteppedParts
  readonly #tasks: readonly SteppedTask[]
  readonly #taskOf: ReadonlyMap<string, SteppedTask>
  readonly #logs: ReadonlyMap<string, ToyLog>
  readonly #queues = new Map<string, OutputQueue>()
  /** Which task is asked first for the next record. */
  #turn = 0
  /** One thing at a time. */
  #last: Promise<void> = Promise.resolve()

  private constructor(parts: SteppedParts) {
    const { plan, database, surroundings } = parts
    const pairs = [...plan.tasks.values()].map((task) => {
      const logs = task.partitions.map((partition) => new ToyLog(partition))
      return { task: new SteppedTask({ plan: task, database, surroundings, logs }), logs }
    })
    const reading = pairs.flatMap(({ task, logs }) => logs.map((log) => ({ task, log })))
    this.#parts = parts
    this.partitionsOf = plan.partitionsOf
    this.#tasks = pairs.map(({ task }) => task)
    this.#taskOf = new Map(reading.map(({ task, log }) => [formatTopicPartition(log), task]))
    this.#logs = new Map(reading.map(({ log }) => [formatTopicPartition(log), log]))
    for (const topic of this.topology.outputTopics) this.#queues.set(topic, new OutputQueue())
  }

  /** Claims the tasks and runs them. */
  static async open(parts: SteppedParts): Promise<SteppedApplication> {
    const application = new SteppedApplication(parts)
    await application.#start()
    return application
  }

  get topology(): RunnableTopology {
    return this.#parts.plan.topology
  }

  get tasks(): readonly TaskId[] {
    return this.#tasks.map(({ id }) => id)
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
      for (const { running } of this.#tasks) await running.punctuate()
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
    for (const task of this.#tasks) task.close()
    await this.#parts.database.close()
  }

  /** After a failure everything fails with it until {@link restart}: the application has stopped. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work)
    this.#last.catch(() => undefined)
    return this.#last
  }

  /** All tasks: they are of one application, and share its commits. */
  async #startAgain(): Promise<void> {
    for (const task of this.#tasks) task.close()
    await this.#start()
  }

  async #start(): Promise<void> {
    const { database, bounds } = this.#parts
    const ids = this.#tasks.map(({ id }) => id)
    const claims = await claim(database, ids, { instance: 'test-driver', bounds })
    for (const task of this.#tasks)
      await task.start(claims.find(({ taskId }) => taskId === task.id)!)
    for (const task of this.#tasks)
      for (const batch of await task.unpublished()) this.#publish(task, batch)
    if (this.#tasks.some(({ readsGlobalTables }) => readsGlobalTables)) await this.#loadTables()
  }

  /** As in production, a start is over when global tables hold what their topics hold: other tasks see what is committed. */
  async #loadTables(): Promise<void> {
    const keepers = this.#tasks.filter(({ keepsGlobalTables }) => keepsGlobalTables)
    for (const task of keepers) while (await task.processOne());
    await this.#commit(keepers)
  }

  /** Processes what waits and what comes of it, and commits all of it. */
  async #settle(commitsNow: () => boolean = () => true): Promise<void> {
    await this.#process(commitsNow)
    await this.#commit()
    // What the last commit published may be read here.
    if (this.#tasks.some(({ running }) => running.backlog > 0)) await this.#settle(commitsNow)
  }

  async #process(commitsNow: () => boolean): Promise<void> {
    while (await this.#processOne()) {
      if (this.#parts.crashesAfter?.()) await this.#startAgain()
      else if (commitsNow() || this.#tasks.some(({ running }) => running.needsCommit))
        await this.#commit()
    }
  }

  /** Whether there was one. */
  async #processOne(): Promise<boolean> {
    const { length } = this.#tasks
    for (let asked = 0; asked < length; asked++) {
      const task = this.#tasks[this.#turn]!
      this.#turn = (this.#turn + 1) % length
      if (await task.processOne()) return true
    }
    return false
  }

  /** What tasks have done becomes durable in one transaction, as in production. */
  async #commit(tasks = this.#tasks): Promise<void> {
    const { database, telemetry, bounds } = this.#parts
    const dirty = tasks.filter(({ running }) => running.isDirty)
    if (dirty.length === 0) return
    const sealed = await Promise.all(dirty.map((task) => task.seal()))
    const units = sealed.map(({ unit }) => unit)
    await commitUnits(database, units, bounds, telemetry)
    for (const one of sealed) one.committed()
    for (const record of sealed.flatMap(({ direct }) => direct)) this.#deliver(record)
    for (const [index, { batch }] of sealed.entries())
      if (batch) this.#publish(dirty[index]!, batch)
  }

  #publish(task: SteppedTask, batch: RelayBatch): void {
    for (const record of batch.records.flatMap(decodeRecords)) this.#deliver(record)
    task.published(batch)
  }

  #deliver(record: OutgoingRecord): void {
    const { topic } = record
    if (this.#logs.has(formatTopicPartition(record))) this.#append(record)
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
    const name = formatTopicPartition(record)
    this.#taskOf.get(name)?.add(this.#logs.get(name)!.append(record))
  }
}
