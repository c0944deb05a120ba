import { DeserializationError } from '../../errors/record-errors.ts'
import { SchemaPendingError } from '../../errors/registry-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { TaskId } from '../../model/task-id.ts'
import { whenReadable } from '../../serdes/when-readable.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { KeyPlaces } from './key-places.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { QueuedRecord } from './queued-record.ts'

/** What a window decoder works with. */
export interface WindowDecoderParts {
  readonly taskId: TaskId
  readonly queues: readonly PartitionQueue[]
  readonly graph: ProcessingGraph
  readonly places: Pick<KeyPlaces, 'look'>
  /** Whether records stay at hand as they were read, for dead letters. */
  readonly keepsSources: boolean
  /** Called when {@link WindowDecoder.waiting} is over. */
  readonly onReadable: () => void
}

/** Records that were decoded together. */
export interface DecodedWindow {
  readonly topic: string
  readonly records: readonly QueuedRecord[]
}

/**
 * Decodes the windows of a task's queues. Records whose schema has to be fetched are decoded again, in their places, when it is
 * here: meanwhile their task waits, and no other.
 */
export class WindowDecoder {
  readonly #parts: WindowDecoderParts
  #decoded: DecodedWindow[] = []
  #waiting: Promise<void> | undefined
  #failure: { readonly error: unknown } | undefined

  constructor(parts: WindowDecoderParts) {
    this.#parts = parts
  }

  /** There while schemas are being fetched. Never rejects: {@link next} throws. */
  get waiting(): Promise<void> | undefined {
    return this.#waiting
  }

  /**
   * Decodes what is next in each queue, and answers the windows that nobody was told of yet; `undefined` while one of them waits.
   * @throws RegistryUnreachableError `REGISTRY_UNREACHABLE`, RegistryRefusedError `REGISTRY_REFUSED`, with the record's position.
   */
  next(): readonly DecodedWindow[] | undefined {
    if (this.#failure) throw this.#failure.error
    if (this.#waiting) return undefined
    const { queues, keepsSources } = this.#parts
    for (const queue of queues) {
      const records = queue.refill((record) => this.#decode(queue, record), keepsSources)
      if (records) this.#decoded.push({ topic: queue.topic, records })
    }
    if (queues.some((queue) => queue.hasUnread)) {
      this.#waiting = this.#readUnread()
      return undefined
    }
    return this.#decoded.splice(0)
  }

  async #readUnread(): Promise<void> {
    try {
      for (const queue of this.#parts.queues)
        await queue.readUnread((record) => this.#decodeWhenReadable(queue, record))
    } catch (error) {
      this.#failure = { error }
    }
    this.#waiting = undefined
    this.#parts.onReadable()
  }

  async #decodeWhenReadable(
    queue: PartitionQueue,
    record: ConsumedRecord,
  ): Promise<StreamRecord | StreamsError> {
    try {
      return await whenReadable(() => {
        const decoded = this.#decode(queue, record)
        if (SchemaPendingError.is(decoded)) throw decoded
        return decoded
      })
    } catch (error) {
      throw this.#described(error, queue, record)
    }
  }

  #decode(queue: PartitionQueue, record: ConsumedRecord): StreamRecord | StreamsError {
    try {
      const decoded = this.#parts.graph.decode(queue.topic, record)
      this.#parts.places.look(queue, record)
      return decoded
    } catch (error) {
      return this.#described(error, queue, record)
    }
  }

  #described(
    cause: unknown,
    { topic, partition }: PartitionQueue,
    { offset }: ConsumedRecord,
  ): StreamsError {
    const { taskId } = this.#parts
    const position = { topic, partition, offset }
    if (StreamsError.is(cause)) return cause.at(position, taskId)
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new DeserializationError('value', reason, { cause, position, taskId })
  }
}
