import { ConfigurationError } from '../errors/configuration-error.ts'
import { ProcessingError, SerializationError } from '../errors/record-errors.ts'
import { StreamsError } from '../errors/streams-error.ts'
import { formatPosition, type RecordPosition } from '../model/record.ts'
import type { TaskId } from '../model/task-id.ts'
import type { KeyValueStore } from '../stores/contract/key-value-store.ts'
import type { TableStore } from '../stores/table-store.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { DropReason, NodeContext, SinkRecord } from '../topology/processing/node-context.ts'
import type { FailurePolicy } from './failure-policy.ts'
import type { Outgoing } from './outgoing.ts'

/**
 * A broker takes 1,048,588 bytes a batch (`message.max.bytes`). What it would refuse must not become durable in the
 * outbox: nothing behind it could be published any more.
 */
const OUTGOING_RECORD_BYTES_MAX = 1_000_000

/** What a task's nodes see of the world. */
export class TaskContext implements NodeContext {
  /** The record that is being processed; none while held-back results are forwarded. Set by the task. */
  position: RecordPosition | undefined
  readonly #taskId: TaskId
  readonly #stores: ReadonlyMap<string, TableStore<unknown, unknown>>
  readonly #outgoing: Outgoing
  readonly #policy: FailurePolicy
  readonly #telemetry: Telemetry

  constructor(
    taskId: TaskId,
    stores: ReadonlyMap<string, TableStore<unknown, unknown>>,
    outgoing: Outgoing,
    policy: FailurePolicy,
    telemetry: Telemetry,
  ) {
    this.#taskId = taskId
    this.#stores = stores
    this.#outgoing = outgoing
    this.#policy = policy
    this.#telemetry = telemetry
  }

  store<K, V>(name: string): KeyValueStore<K, V> {
    const store = this.#stores.get(name)
    if (!store) throw new ConfigurationError(`task ${this.#taskId} has no store ${name}`)
    return store as unknown as KeyValueStore<K, V>
  }

  send(record: SinkRecord): void {
    const bytes = recordBytes(record)
    if (bytes <= OUTGOING_RECORD_BYTES_MAX) return this.#outgoing.add(record)
    const reason = `it has ${bytes} bytes, the limit is ${OUTGOING_RECORD_BYTES_MAX}`
    this.failed(
      new SerializationError(`a record for ${record.topic}`, reason),
      record.topic,
      'production',
    )
  }

  dropped(reason: DropReason, node: string): void {
    this.#telemetry.instruments.recordsDropped.add(1, { reason, node })
    const at = this.position ? formatPosition(this.position) : 'a held-back result'
    this.#telemetry.logger.warn(`record dropped by ${node}: ${reason} (at ${at})`, {
      reason,
      node,
      task: this.#taskId,
      ...this.position,
    })
  }

  failed(error: unknown, node: string, phase: 'processing' | 'production'): void {
    this.#policy.decide(phase, this.#describe(error, node, phase))
  }

  #describe(cause: unknown, node: string, phase: 'processing' | 'production'): StreamsError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const context = { cause, position: this.position, taskId: this.#taskId }
    if (StreamsError.is(cause)) return cause.at(this.position, this.#taskId)
    return phase === 'production'
      ? new SerializationError(`a record of ${node}`, reason, context)
      : new ProcessingError(node, reason, context)
  }
}

function recordBytes({ key, value, headers }: SinkRecord): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0)
  for (const [name, header] of headers) bytes += name.length + (header?.length ?? 0)
  return bytes
}
