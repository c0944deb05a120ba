import type { DatabaseAdapter } from '../database/database.ts'
import { ConfigurationError } from '../errors/configuration-error.ts'
import type { GroupProtocol } from '../kafka/group-consumer.ts'
import type { KafkaAdapter } from '../kafka/kafka.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { TestSignals } from '../telemetry/test-signals.ts'
import {
  FAILURE_DECISIONS,
  FAILURE_PHASES,
  type FailureHandler,
  type FailureHandlers,
} from './task/failure-policy.ts'
import type { UncaughtErrorHandler } from './uncaught-error.ts'

/**
 * State is exactly-once in both. `exactly_once`: output too · `at_least_once`: records for output topics are acknowledged by
 * Kafka before the database commits, which readers see sooner and, after a crash, perhaps twice.
 */
export type ProcessingGuarantee = 'exactly_once' | 'at_least_once'

/** `fail`: the application stops · `earliest`: it goes on with the first record that is there · `latest`: with the next that comes. */
export type OffsetOutOfRangeDecision = 'fail' | 'earliest' | 'latest'

/** How an application runs. */
export interface StreamsOptions {
  /** Name of the consumer group, prefix of internal topics and transactional ids; letters, digits, `.`, `_` and `-`. */
  readonly applicationId: string
  /** Such as `kafkajs({ brokers })`. */
  readonly kafka: KafkaAdapter
  /** Such as `postgres({ url })`. */
  readonly database: DatabaseAdapter
  /** Schema of the tables. (Default: the application id with `-` → `_`) */
  readonly schema?: string
  /** (Default: `exactly_once`) */
  readonly processingGuarantee?: ProcessingGuarantee
  /**
   * Far behind the end of the log a commit is made at least this often; near it as soon as as much is done as waits, and at the
   * end at once: results that are late already come later by this much at most. (Default: 1,000 ms)
   */
  readonly commitIntervalMsMax?: number
  /** A member without a heartbeat for this long is taken for dead. (Default: 10,000 ms) */
  readonly sessionTimeoutMs?: number
  /**
   * How often a member tells the group that it lives, as `heartbeat.interval.ms`; by the answer it learns that others have joined or
   * left: a hand-over waits for half of it on average. (Default: 500 ms, or a third of a session that is shorter than 1,500 ms)
   */
  readonly heartbeatIntervalMs?: number
  /**
   * A name of this instance in the group, as `group.instance.id` (static membership, KIP-345): unique among those that run, and the same
   * after a restart. An instance that comes back under it within `sessionTimeoutMs`, also from a crash, gets its tasks again; until
   * then they wait, and nothing moves for the others. `close()` does not leave the group then. Of two that run under one name the older
   * stops with `INSTANCE_FENCED`. (Default: none; whoever closes leaves)
   */
  readonly groupInstanceId?: string
  /**
   * How tasks are shared out, as `group.protocol`. `classic`: by one of the instances, with all that it knows of tasks · `consumer`
   * (KIP-848, Kafka from 4.0 on, `docs/adr/0008`): by the broker, step by step, so that an instance that nothing is taken from or given to does not
   * notice. The broker knows of partitions only, and its assignor `range` keeps those of a task together, but does not balance tasks
   * over sub-topologies nor leave them where they are; `start()` may resolve before the first tasks come; the session's length is the
   * broker's `group.consumer.session.timeout.ms`, and a `groupInstanceId` is free again only then or after `close()`. Refused with
   * `CONFIGURATION_INVALID` where topics of one sub-topology have different numbers of partitions. Nobody can tell all instances to
   * stop, nor sees that one has its state in another database. Topologies are compared by the catalogue in the database: another one is refused with `TOPOLOGY_REFUSED` while the group has
   * members, one that has died until its session is over. (Default: `classic`)
   */
  readonly groupProtocol?: GroupProtocol
  /**
   * What to do about records that fail, in every phase or in each. (Default: `fail` in every phase)
   *
   * @example
   * ```ts
   * const driver = await TopologyTestDriver.open(topology, { onError: { deserialization: 'skip' } })
   * const lines = driver.createInputTopic('lines', { key: serdes.string, value: serdes.bytes })
   * await lines.pipeInputs([{ value: Buffer.from('kafka') }, { value: Uint8Array.of(0xff) }, { value: Buffer.from('sql') }])
   * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
   * counts.readKeyValues() // [['kafka', 1n], ['sql', 1n]]
   * await driver.close()
   * ```
   */
  readonly onError?: FailureHandler | FailureHandlers
  /**
   * The topic that records go to about which `onError` says `dead-letter`, as `errors.dead.letter.queue.topic.name`; it must
   * exist. What was read goes there in the same commit: its key and value, its headers, and behind them why it failed
   * (`__streams.errors.exception`, `.message`, `.stacktrace`) and where it came from (`.topic`, `.partition`, `.offset`).
   *
   * @example
   * ```ts
   * const onError = 'dead-letter'
   * const driver = await TopologyTestDriver.open(topology, { onError, deadLetterQueueTopic: 'letters' })
   * const lines = driver.createInputTopic('lines', { key: serdes.string, value: serdes.bytes })
   * await lines.pipeInput({ key: 'a', value: Uint8Array.of(0xff) })
   * const letter = driver.createOutputTopic('letters', { key: serdes.string, value: serdes.bytes }).readRecord()
   * letter.key // 'a'
   * letter.value // Uint8Array.of(0xff)
   * letter.headers.map(([name]) => name).at(-1) // '__streams.errors.offset'
   * await driver.close()
   * ```
   */
  readonly deadLetterQueueTopic?: string
  /**
   * What to do about an error that stops the work of this instance: one of a record about which `onError` says `fail`, and
   * whatever else is not retried; as `setUncaughtExceptionHandler` of Kafka Streams. Not asked where the start itself fails, nor
   * for `TOPOLOGY_REFUSED`, `DATABASE_REFUSED`, `APPLICATION_STOPPED` and `INSTANCE_FENCED`. Whoever answers `replace-worker` to everything tries a record that always fails
   * for ever: after 10 ms, then later each time, in the end after a second; once a worker has lived for a minute it begins with 10 ms
   * again. (Default: `stop-instance`)
   */
  readonly onUncaughtError?: UncaughtErrorHandler
  /**
   * What to do when the log of an input topic does not have the stored offset of a partition: because retention deleted records before
   * they were read, or because the log was cut (below what is stored, `earliest` reads all of it again). The jump is logged with the
   * offset that was stored and the one that is taken, and counted as `rowstream.offsets.reset`; it is stored with the next commit of the
   * task. Kafka Streams does the same by `auto.offset.reset`, without a word. A topic that was deleted and made again always stops the
   * application where the client knows topic ids, and so does an internal topic. (Default: `fail`, with `OFFSET_OUT_OF_RANGE`)
   */
  readonly onOffsetOutOfRange?: OffsetOutOfRangeDecision
  /**
   * Memory for the rows that an instance holds, as `statestore.cache.max.bytes`: each store of each task has an equal share. Rows that
   * are not committed yet come on top. V8 lets the heap grow to up to four times of what lives before it collects: with the default a
   * heap without a limit stays under 400 MB; with more, give Node.js a `--max-old-space-size`. (Default: 96 MiB)
   */
  readonly cacheBytesMax?: number
  /**
   * A living owner has this long to release a task that has moved: to end its round, to commit, publish and release. Then the new
   * owner takes the task by force, and the old one forgets it: nothing is lost or repeated, but all that the old one owns has to be
   * claimed anew. The same in all instances. (Default: 1,000 ms)
   */
  readonly handOverTimeoutMs?: number
  /**
   * What fails for passing reasons (a database that restarts) is tried again this long, as `task.timeout.ms`. Not so a database that
   * takes no writes (`DATABASE_NOT_WRITABLE`), which is waited for without an end. (Default: 300,000 ms)
   */
  readonly taskTimeoutMs?: number
  /**
   * Records whose time is further ahead of the clock than this are left out, counted with the reason `future-timestamp` and logged: one
   * of them would move stream time so far that all others come late. Those of global tables are taken. (Default: no bound, as in
   * Kafka Streams)
   *
   * @example
   * ```ts
   * const driver = await TopologyTestDriver.open(topology, { timestampAheadMsMax: 60_000 })
   * const lines = driver.createInputTopic('lines', { key: serdes.string, value: serdes.string })
   * await lines.pipeInput({ value: 'kafka', timestamp: Date.now() + 3_600_000 })
   * await lines.pipeInput({ value: 'sql' })
   * const counts = driver.createOutputTopic('word-counts', { key: serdes.string, value: serdes.int64 })
   * counts.readKeyValues() // [['sql', 1n]]
   * await driver.close()
   * ```
   */
  readonly timestampAheadMsMax?: number
  /**
   * When no record has come to a task for this long, and none waits, its stream time goes on by as much as the clock, and again after
   * each such time: windows close, and what is held back for a time goes on. It goes on no further than to when Kafka last said that
   * all partitions of the task are empty: while Kafka is out of reach it stands still. Records that come later with earlier times are
   * late.
   * (Default: never, as in Kafka Streams: time stands still without records)
   *
   * @example
   * ```ts
   * const builder = new StreamsBuilder()
   * builder.stream('clicks', { key: serdes.string, value: serdes.string })
   *   .groupByKey().windowedBy(TimeWindows.of({ sizeMs: 60_000 })).emitStrategy('on-window-close').count()
   *   .toStream(({ key }) => key).to('clicks-a-minute', { key: serdes.string, value: serdes.int64 })
   * const driver = await TopologyTestDriver.open(builder.build(), { streamTimeIdleMs: 60_000 })
   * await driver.createInputTopic('clicks', { key: serdes.string, value: serdes.string }).pipeInput({ key: 'ann', value: 'tea', timestamp: 0 })
   * const counts = driver.createOutputTopic('clicks-a-minute', { key: serdes.string, value: serdes.int64 })
   * counts.isEmpty // true
   * await driver.advanceWallClockTime(60_000)
   * counts.readKeyValues() // [['ann', 1n]]
   * await driver.close()
   * ```
   */
  readonly streamTimeIdleMs?: number
  /** Internal topics are cleared of what nobody will read any more this often, as `repartition.purge.interval.ms`. (Default: 30,000 ms) */
  readonly repartitionPurgeIntervalMs?: number
  /**
   * Topics are looked at this often, as by `metadata.max.age.ms`: others that match the pattern of a source are read from then on;
   * where an input topic has got more partitions, or was deleted and made again, the application commits and stops, with the error
   * that a start would end with; an output topic is written to all its partitions. (Default: 300,000 ms)
   */
  readonly metadataMaxAgeMs?: number
  /** (Default: JSON lines on standard error, from `info`) */
  readonly logger?: Logger
  /** For tests. (Default: the machine's) */
  readonly clock?: Clock
  /** For tests: stops between durable steps. */
  readonly signals?: TestSignals
}

/** Options with every default filled in. */
export type ResolvedOptions = Required<Omit<StreamsOptions, Unresolved>> & {
  readonly onError: FailureHandlers
  readonly deadLetterQueueTopic: string | undefined
  readonly groupInstanceId: string | undefined
  readonly onUncaughtError: UncaughtErrorHandler | undefined
  readonly heartbeatIntervalMs: number | undefined
}

type Unresolved =
  | 'logger'
  | 'clock'
  | 'signals'
  | 'onError'
  | 'deadLetterQueueTopic'
  | 'groupInstanceId'
  | 'heartbeatIntervalMs'
  | 'onUncaughtError'

const SESSION_TIMEOUT_MS = 10_000
const APPLICATION_ID = /^[a-zA-Z0-9._-]{1,200}$/
/** What Kafka takes, but for `.` and `..`. */
const GROUP_INSTANCE_ID = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/

/** @throws ConfigurationError `CONFIGURATION_INVALID` naming the option. */
export function resolveOptions(options: StreamsOptions): ResolvedOptions {
  const { applicationId, deadLetterQueueTopic } = options
  if (!APPLICATION_ID.test(applicationId)) {
    throw new ConfigurationError(
      `applicationId '${applicationId}' must be 1 to 200 letters, digits, '.', '_' or '-'`,
    )
  }
  return {
    applicationId,
    kafka: options.kafka,
    database: options.database,
    schema: options.schema ?? applicationId.replaceAll('-', '_'),
    processingGuarantee: guarantee(options.processingGuarantee ?? 'exactly_once'),
    commitIntervalMsMax: positive('commitIntervalMsMax', options.commitIntervalMsMax ?? 1_000),
    sessionTimeoutMs: positive('sessionTimeoutMs', options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS),
    heartbeatIntervalMs: heartbeatInterval(options),
    groupInstanceId: instanceId(options.groupInstanceId),
    groupProtocol: groupProtocol(options.groupProtocol ?? 'classic'),
    onError: handlersOf(options),
    deadLetterQueueTopic,
    onUncaughtError: options.onUncaughtError,
    onOffsetOutOfRange: outOfRange(options.onOffsetOutOfRange ?? 'fail'),
    cacheBytesMax: positive('cacheBytesMax', options.cacheBytesMax ?? 96 * 1024 * 1024),
    handOverTimeoutMs: positive('handOverTimeoutMs', options.handOverTimeoutMs ?? 1_000),
    taskTimeoutMs: positive('taskTimeoutMs', options.taskTimeoutMs ?? 300_000),
    timestampAheadMsMax: unbounded('timestampAheadMsMax', options.timestampAheadMsMax),
    streamTimeIdleMs: unbounded('streamTimeIdleMs', options.streamTimeIdleMs),
    metadataMaxAgeMs: positive('metadataMaxAgeMs', options.metadataMaxAgeMs ?? 300_000),
    repartitionPurgeIntervalMs: positive(
      'repartitionPurgeIntervalMs',
      options.repartitionPurgeIntervalMs ?? 30_000,
    ),
  }
}

/** @throws ConfigurationError `CONFIGURATION_INVALID` of a word that is no decision, and of dead letters without a topic. */
function handlersOf({ onError = {}, deadLetterQueueTopic }: StreamsOptions): FailureHandlers {
  const handlers =
    typeof onError === 'object'
      ? onError
      : Object.fromEntries(FAILURE_PHASES.map((phase) => [phase, onError]))
  for (const handler of Object.values(handlers)) {
    if (typeof handler === 'function') continue
    if (!FAILURE_DECISIONS.includes(handler))
      throw new ConfigurationError(
        `onError must be one of ${FAILURE_DECISIONS.join(', ')}, or a function, not '${handler}'`,
      )
    if (handler === 'dead-letter' && deadLetterQueueTopic === undefined)
      throw new ConfigurationError('onError says dead-letter: set deadLetterQueueTopic too')
  }
  return handlers
}

function instanceId(value: string | undefined): string | undefined {
  if (value === undefined || GROUP_INSTANCE_ID.test(value)) return value
  throw new ConfigurationError(
    `groupInstanceId '${value}' must be 1 to 249 letters, digits, '.', '_' or '-'`,
  )
}

function groupProtocol(value: GroupProtocol): GroupProtocol {
  if (['classic', 'consumer'].includes(value)) return value
  throw new ConfigurationError(`groupProtocol must be 'classic' or 'consumer', not '${value}'`)
}

function guarantee(value: ProcessingGuarantee): ProcessingGuarantee {
  if (['exactly_once', 'at_least_once'].includes(value)) return value
  throw new ConfigurationError(
    `processingGuarantee must be 'exactly_once' or 'at_least_once', not '${String(value)}'`,
  )
}

function outOfRange(value: OffsetOutOfRangeDecision): OffsetOutOfRangeDecision {
  if (['fail', 'earliest', 'latest'].includes(value)) return value
  throw new ConfigurationError(
    `onOffsetOutOfRange must be 'fail', 'earliest' or 'latest', not '${String(value)}'`,
  )
}

/** A session ends without a heartbeat: the interval has to be shorter. */
function heartbeatInterval(options: StreamsOptions): number | undefined {
  const { heartbeatIntervalMs, sessionTimeoutMs = SESSION_TIMEOUT_MS } = options
  if (heartbeatIntervalMs === undefined) return undefined
  if (positive('heartbeatIntervalMs', heartbeatIntervalMs) < sessionTimeoutMs)
    return heartbeatIntervalMs
  throw new ConfigurationError(
    `heartbeatIntervalMs, ${heartbeatIntervalMs}, must be less than sessionTimeoutMs, ${sessionTimeoutMs}`,
  )
}

/** Infinity unless given. */
function unbounded(name: string, value: number | undefined): number {
  return value === undefined || value === Infinity ? Infinity : positive(name, value)
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new ConfigurationError(`${name} must be a positive number, not ${value}`)
}
