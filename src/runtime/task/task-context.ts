import { ConfigurationError } from '../../errors/configuration-error.ts'
import { ProcessingError, SerializationError } from '../../errors/record-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import {
  formatPosition,
  type ConsumedRecord,
  type RecordOrigin,
  type RecordPosition,
} from '../../model/record.ts'
import { whenKnown } from '../../model/when-known.ts'
import { parseTaskId, type TaskId } from '../../model/task-id.ts'
import type { TaskStore } from '../../stores/task-store.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { Timers } from '../../stores/contract/timers.ts'
import type { TaskTimers, TimerListener } from '../../stores/task-timers.ts'
import type { TaskTimes } from '../../stores/task-times.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type {
  DropReason,
  FailedRecord,
  NodeContext,
  SinkRecord,
} from '../../topology/processing/node-context.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { Cancellable, Punctuation } from '../../topology/processing/punctuation.ts'
import { deadLetterOf } from './dead-letter.ts'
import type { FailurePolicy } from './failure-policy.ts'
import type { Outgoing } from './outgoing.ts'
import { Punctuations } from './punctuations.ts'

/**
 * A broker takes 1,048,588 bytes a batch (`message.max.bytes`). What it would refuse must not become durable in the
 * outbox: nothing behind it could be published any more.
 */
const OUTGOING_RECORD_BYTES_MAX = 1_000_000

/** What a context is made of. */
export interface TaskContextParts {
  readonly applicationId: string
  readonly taskId: TaskId
  readonly stores: ReadonlyMap<string, TaskStore>
  readonly times: TaskTimes
  readonly timers: TaskTimers
  readonly outgoing: Outgoing
  /** Has a topic looked up that is not known; nothing where it is. */
  readonly findTopic: (topic: string) => MaybePromise
  readonly policy: FailurePolicy
  readonly telemetry: Telemetry
  /** How far ahead of the clock the time of a record may be; infinity for no bound. */
  readonly timestampAheadMsMax: number
  /** Highest timestamp that the task has processed. */
  readonly streamTime: number
}

/** What a task's nodes see of the world. */
export class TaskContext implements NodeContext {
  #origin: RecordOrigin | undefined
  /** Set by the task. */
  streamTime: number
  /** Until the next commit, which the task begins. */
  isCommitRequested = false
  readonly punctuations = new Punctuations()
  readonly untold: NodeContext['untold'] = new Map()
  readonly #parts: TaskContextParts

  constructor(parts: TaskContextParts) {
    this.#parts = parts
    this.streamTime = parts.streamTime
  }

  get applicationId(): string {
    return this.#parts.applicationId
  }

  get taskId(): TaskId {
    return this.#parts.taskId
  }

  /** Where the record that is being processed came from; nothing while punctuations are, or what was combined. */
  get position(): RecordPosition | undefined {
    return this.#origin?.position
  }

  get origin(): RecordOrigin | undefined {
    return this.#origin
  }

  /** What is processed from now on comes from there. */
  comesFrom(origin?: RecordOrigin): void {
    this.#origin = origin
  }

  get partition(): number {
    return parseTaskId(this.#parts.taskId).partition
  }

  get wallClock(): number {
    return this.#parts.telemetry.clock.now()
  }

  get timestampMax(): number {
    const { timestampAheadMsMax } = this.#parts
    // Without a bound nobody has to look at the clock.
    return timestampAheadMsMax === Infinity ? Infinity : this.wallClock + timestampAheadMsMax
  }

  store<Store>(name: string): Store {
    const { stores, taskId } = this.#parts
    const store = stores.get(name)
    if (!store) throw new ConfigurationError(`task ${taskId} has no store ${name}`)
    return store as unknown as Store
  }

  time(name: string): KeptTime {
    return this.#parts.times.of(name)
  }

  at(origin: RecordOrigin | undefined, forward: () => MaybePromise): MaybePromise {
    const before = this.#origin
    this.#origin = origin
    // What throws stops the task: then nobody asks for the position again.
    return whenKnown(forward(), () => this.comesFrom(before))
  }

  schedule(punctuation: Punctuation): Cancellable {
    return this.punctuations.schedule(punctuation, this)
  }

  timers(node: string, tell: TimerListener): Timers {
    return this.#parts.timers.of(node, tell)
  }

  requestCommit(): void {
    this.isCommitRequested = true
  }

  findTopic(topic: string): MaybePromise {
    return this.#parts.findTopic(topic)
  }

  partitionsOf(topic: string): number {
    return this.#parts.outgoing.partitionsOf(topic)
  }

  send(record: SinkRecord): void {
    const bytes = recordBytes(record)
    if (bytes <= OUTGOING_RECORD_BYTES_MAX) return this.#parts.outgoing.add(record)
    this.failed(tooLarge(record, bytes), record.topic, 'production', record)
  }

  dropped(reason: DropReason, node: string): void {
    this.#parts.telemetry.instruments.recordsDropped.add(1, { reason, node })
    const at = this.position ? formatPosition(this.position) : 'a held-back result'
    this.#parts.telemetry.logger.warn(`record dropped by ${node}: ${reason} (at ${at})`, {
      reason,
      node,
      task: this.#parts.taskId,
      ...this.position,
    })
  }

  failed(
    error: unknown,
    node: string,
    phase: 'processing' | 'production',
    record: FailedRecord,
  ): void {
    const described = this.#describe(error, node, phase)
    const letterTopic = this.#parts.policy.decide(phase, described)
    if (letterTopic !== undefined) this.#sendLetter(letterTopic, described, record)
  }

  /** The record that is to be processed could not be decoded. */
  unreadable(error: StreamsError, source: ConsumedRecord | undefined): void {
    const letterTopic = this.#parts.policy.decide('deserialization', error)
    const { timestamp = -1, headers = NO_HEADERS } = source ?? {}
    const time = timestamp < 0 ? this.wallClock : timestamp
    if (letterTopic !== undefined)
      this.#sendLetter(letterTopic, error, { timestamp: time, headers })
  }

  /** @throws SerializationError `SERIALIZATION_FAILED` where no broker would take it: a letter that is lost would say nothing. */
  #sendLetter(topic: string, error: StreamsError, record: FailedRecord): void {
    const { position } = this
    const letter = deadLetterOf({ topic, source: this.#origin?.source, record, position, error })
    const bytes = recordBytes(letter)
    if (bytes > OUTGOING_RECORD_BYTES_MAX) throw tooLarge(letter, bytes, error).at(position)
    this.#parts.outgoing.add(letter)
  }

  /** Closes the nodes. What a processor throws then is only logged: the claim is gone. */
  close(graph: ProcessingGraph): void {
    try {
      graph.close()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#parts.telemetry.logger.warn(`a processor failed to close: ${reason}`, {
        task: this.#parts.taskId,
      })
    }
  }

  #describe(cause: unknown, node: string, phase: 'processing' | 'production'): StreamsError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const context = { cause, position: this.position, taskId: this.#parts.taskId }
    if (StreamsError.is(cause)) return cause.at(this.position, this.#parts.taskId)
    return phase === 'production'
      ? new SerializationError(`a record of ${node}`, reason, context)
      : new ProcessingError(node, reason, context)
  }
}

function tooLarge({ topic }: SinkRecord, bytes: number, cause?: Error): SerializationError {
  const reason = `it has ${bytes} bytes, the limit is ${OUTGOING_RECORD_BYTES_MAX}`
  return new SerializationError(`a record for ${topic}`, reason, { cause })
}

function recordBytes({ key, value, headers }: SinkRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0)
  if (headers.length === 0) return bytes
  for (const [name, header] of headers) bytes += name.length + (header?.length ?? 0)
  return bytes
}
