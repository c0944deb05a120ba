import { storeTable } from '../../src/stores/store-table.ts'
import { commitBounds } from '../../src/commit/commit-bounds.ts'
import { readClaims, type ClaimRow } from '../../src/commit/claim.ts'
import { memory } from '../../src/database/memory/index.ts'
import type { Database } from '../../src/database/database.ts'
import type { StreamsError } from '../../src/errors/streams-error.ts'
import { NO_HEADERS } from '../../src/model/headers.ts'
import type { GroupProtocol } from '../../src/kafka/group-consumer.ts'
import type { TaskId } from '../../src/model/task-id.ts'
import { prepareApplication } from '../../src/runtime/start/prepare-application.ts'
import type { ApplicationPlan } from '../../src/runtime/application-plan.ts'
import { Instance } from '../../src/runtime/instance.ts'
import { resolveOptions, type StreamsOptions } from '../../src/runtime/streams-options.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import type { TestSignals } from '../../src/telemetry/test-signals.ts'
import type { Clock } from '../../src/telemetry/clock.ts'
import type { RunnableTopology } from '../../src/topology/runnable-topology.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { consoleLogger } from '../../src/telemetry/logger.ts'
import { FaultyDatabase } from './faulty-database.ts'
import { silentTelemetry, type SilentTelemetry } from './telemetry.ts'
import type { ToyConsumer } from './toy-consumer.ts'
import { ToyKafka } from './toy-kafka.ts'
import { turns, until } from './turns.ts'

/** Counts each key of `in` in the store `counts` and writes every count to `out`; two partitions, two tasks. */
export function countTopology() {
  const builder = new StreamsBuilder()
  const { string, int64 } = serdes
  builder
    .stream('in', { key: string, value: string })
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .to('out', { value: int64 })
  return builder.build().forApplication('app')
}

/** One member of the application's group, and what a test wants to know of it. */
export interface Member {
  readonly instance: Instance
  readonly consumer: ToyConsumer
  readonly database: FaultyDatabase
  readonly failures: StreamsError[]
  /** Whether its processing stands still. */
  isPaused: boolean
  readonly lines: SilentTelemetry['lines']
  /** Offsets that were taken in place of those stored. */
  readonly reset: SilentTelemetry['reset']
  /** How often all that was assigned was owned. */
  settled: number
  /** Tells the member that it has these partitions of `in`. */
  assign(...partitions: number[]): void
  /** A batch that was on its way arrives after all, and everything that follows from it has its turn. */
  late(partition: number, key: string): Promise<void>
}

/** How a member differs from the defaults. */
export interface MemberOptions extends Partial<StreamsOptions> {
  readonly signals?: TestSignals
  readonly clock?: Clock
  /** Starts paused. */
  readonly isPaused?: boolean
  /** Names of other members, as the leader has them: they are waited for. */
  readonly others?: readonly string[]
}

/** An application between a toy broker and a database in memory. */
export class ApplicationWorld {
  readonly kafka: ToyKafka
  readonly database: Database
  readonly #plan: ApplicationPlan
  readonly #groupProtocol: GroupProtocol
  readonly #members: Member[] = []

  private constructor(
    kafka: ToyKafka,
    database: Database,
    plan: ApplicationPlan,
    groupProtocol: GroupProtocol,
  ) {
    this.kafka = kafka
    this.database = database
    this.#plan = plan
    this.#groupProtocol = groupProtocol
  }

  /** @param topology Of another application than the count of `in`. */
  static async create(
    topology = countTopology(),
    groupProtocol: GroupProtocol = 'classic',
  ): Promise<ApplicationWorld> {
    const kafka = new ToyKafka({ in: 2, more: 2, out: 2 })
    const logger = consoleLogger('silent')
    const database = await memory().open({ schema: 'app', logger })
    return ApplicationWorld.#of(topology, kafka, database, groupProtocol)
  }

  /** Another version of the application, on the same broker and database. */
  upgraded(topology: RunnableTopology): Promise<ApplicationWorld> {
    return ApplicationWorld.#of(topology, this.kafka, this.database, this.#groupProtocol)
  }

  static async #of(
    topology: RunnableTopology,
    kafka: ToyKafka,
    database: Database,
    groupProtocol: GroupProtocol,
  ): Promise<ApplicationWorld> {
    const plan = await prepareApplication('app', topology, kafka, {
      database,
      telemetry: silentTelemetry(),
      bounds: commitBounds(1_000),
      retryMs: 1_000,
      groupProtocol,
    })
    return new ApplicationWorld(kafka, database, plan, groupProtocol)
  }

  /** Starts another member; it has nothing until {@link Member.assign}. */
  async start({
    signals,
    clock,
    isPaused = false,
    others = [],
    ...options
  }: MemberOptions = {}): Promise<Member> {
    const database = new FaultyDatabase(this.database)
    const telemetry = silentTelemetry({ ...(signals && { signals }), ...(clock && { clock }) })
    const failures: StreamsError[] = []
    const walls = { kafka: undefined as never, database: undefined as never }
    const instance = new Instance({
      plan: this.#plan,
      kafka: this.kafka,
      database,
      options: resolveOptions({
        applicationId: 'app',
        commitIntervalMsMax: 1,
        groupProtocol: this.#groupProtocol,
        ...walls,
        ...options,
      }),
      telemetry,
      isPaused: () => member.isPaused,
      onBusy: () => undefined,
      onSettled: () => void member.settled++,
      onFailed: (error) => void failures.push(error as StreamsError),
    })
    const consumer = this.kafka.consumers.at(-1)!
    const assign = (...partitions: number[]) =>
      consumer.assign(
        partitions.map((partition) => ({ topic: 'in', partition })),
        JSON.stringify({ instances: others }),
      )
    const member: Member = {
      instance,
      consumer,
      database,
      failures,
      isPaused,
      lines: telemetry.lines,
      reset: telemetry.reset,
      settled: 0,
      assign,
      late: async (partition, key) => {
        consumer.deliverLate(partition, key)
        await turns(50)
      },
    }
    await instance.start()
    this.#members.push(member)
    return member
  }

  /** Starts a member and waits until it owns these partitions. */
  async startWith(partitions: readonly number[], options: MemberOptions = {}): Promise<Member> {
    const member = await this.start(options)
    member.assign(...partitions)
    await this.owns(member, partitions)
    await until('processing', () => member.settled > 0)
    return member
  }

  /** Waits until a member owns exactly the tasks of these partitions. */
  async owns({ instance, failures }: Member, partitions: readonly number[]): Promise<void> {
    const wanted = partitions.map((partition) => `0_${partition}`).join()
    const owned = () => instance.tasks.toSorted().join()
    await until(`owning ${wanted || 'nothing'}`, () => owned() === wanted || failures.length > 0)
    if (failures[0]) throw failures[0]
  }

  /** Appends records to a partition of `in`. */
  produce(partition: number, ...keys: string[]): void {
    const records = keys.map((key) => ({ key: Buffer.from(key), value: Buffer.from('x') }))
    const rest = { topic: 'in', partition, timestamp: 0, headers: NO_HEADERS }
    this.kafka.append(records.map((record) => ({ ...rest, ...record })))
  }

  /** The counts in the database, by key. */
  async counts(): Promise<Record<string, number>> {
    const rows = await this.database.range(COUNTS, { prefix: [] })
    return Object.fromEntries(rows.map(([, key, value]) => [key as string, Number(value)]))
  }

  /** Waits until the counts in the database are these. */
  async counted(expected: Readonly<Record<string, number>>): Promise<void> {
    const text = JSON.stringify(expected)
    await until(`counts ${text}`, async () => JSON.stringify(await this.counts()) === text)
  }

  /** What was published for a key, in order: every count from 1 on, once, if nothing is lost or repeated. */
  published(key: string): number[] {
    const records = [0, 1].flatMap((partition) => this.kafka.log({ topic: 'out', partition }))
    return records
      .filter((record) => Buffer.from(record.key!).toString() === key)
      .map(({ value }) => Number(Buffer.from(value!).readBigInt64BE()))
  }

  async row(taskId: TaskId): Promise<ClaimRow> {
    return (await readClaims(this.database, [taskId]))[0]!
  }

  /** Lets every member go, without commit. */
  async close(): Promise<void> {
    this.kafka.isHanging = false
    this.kafka.letGo()
    await Promise.all(this.#members.map(({ instance }) => instance.stop({ commit: false })))
  }
}

const COUNTS = storeTable({
  kind: 'key-value',
  name: 'counts',
  key: serdes.string,
  value: serdes.int64,
})
