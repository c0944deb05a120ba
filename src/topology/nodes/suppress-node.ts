import { SuppressBufferFullError } from '../../errors/record-errors.ts'
import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordOrigin } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { SuppressBufferStoreDefinition } from '../../stores/contract/store-definition.ts'
import type { SuppressBuffer, SuppressedChange } from '../../stores/contract/suppress-buffer.ts'
import type { FailedRecord } from '../processing/node-context.ts'
import type { Change } from '../processing/change.ts'
import { LiveNode, type NodeSite } from './live-node.ts'
import { releaseEach } from './release-each.ts'

/** Holds changes back. */
export interface SuppressDefinition {
  readonly kind: 'suppress'
  readonly name: string
  readonly parents: readonly string[]
  readonly store: SuppressBufferStoreDefinition
  /** From when a change is held back: from its timestamp, or from the end of its window. */
  readonly from: 'timestamp' | 'window-end'
  readonly durationMs: number
  readonly maxRecords: number
  readonly maxBytes: number
  readonly whenFull: 'emit-early' | 'shut-down'
}

/**
 * Holds the last change of each key back, until the node's own time is later by the duration: the highest timestamp of the changes
 * that came here. What is due leaves in the order of time, then of the bytes of keys.
 *
 * Of windows only the result is told: rows that came and went until they closed are left out.
 */
export class SuppressNode extends LiveNode {
  readonly #definition: SuppressDefinition
  readonly #buffer: SuppressBuffer
  readonly #time: KeptTime

  constructor(definition: SuppressDefinition, site: NodeSite) {
    super(site)
    this.#definition = definition
    this.#buffer = site.context.store(definition.store.name)
    this.#time = site.context.time(definition.name)
  }

  process(record: StreamRecord): MaybePromise {
    this.#time.value = Math.max(this.#time.value, record.timestamp)
    try {
      this.#hold(record)
    } catch (error) {
      return this.failed(error, record)
    }
    return this.#release(record)
  }

  override advance(streamTime: number): MaybePromise {
    this.#time.value = Math.max(this.#time.value, streamTime)
    return this.#release({ timestamp: streamTime, headers: NO_HEADERS })
  }

  #hold({ key, value, timestamp, headers }: StreamRecord): void {
    const { newValue, oldValue } = value as Change
    const time =
      this.#definition.from === 'timestamp' ? timestamp : (key as { readonly end: number }).end
    const origin = keptOf(this.context.origin)
    this.#buffer.put({ recordKey: key, newValue, oldValue, timestamp, headers, time, origin })
  }

  /** Forwards what is due, then what is too much. */
  #release(record: FailedRecord): MaybePromise {
    const released = releaseEach<SuppressedChange>({
      next: () => this.#nextToLeave(),
      tell: (change) => this.#tell(change),
      forget: (change) => this.#buffer.remove(change),
    })
    return whenKnown(released, () => (this.#isFull ? this.failed(this.#full(), record) : undefined))
  }

  #nextToLeave(): SuppressedChange | undefined {
    const first = this.#buffer.first()
    if (first === undefined) return undefined
    const { durationMs, whenFull } = this.#definition
    const isDue = first.key.time <= this.#time.value - durationMs
    return isDue || (this.#isFull && whenFull === 'emit-early') ? first : undefined
  }

  #tell({
    recordKey: key,
    newValue,
    oldValue,
    timestamp,
    headers,
    origin,
  }: SuppressedChange): MaybePromise {
    if (newValue === null && this.#definition.from === 'window-end') return undefined
    const value: Change = { newValue, oldValue }
    return this.context.at(origin, () => this.forward({ key, value, timestamp, headers }))
  }

  get #isFull(): boolean {
    const { maxRecords, maxBytes } = this.#definition
    return this.#buffer.size > maxRecords || this.#buffer.bytes > maxBytes
  }

  #full(): SuppressBufferFullError {
    const { maxRecords, maxBytes } = this.#definition
    const { size, bytes } = this.#buffer
    return new SuppressBufferFullError(
      this.name,
      `it holds ${size} of ${maxRecords} records and ${bytes} of ${maxBytes} bytes`,
    )
  }
}

/** What of an origin is held back with a change: the record that was made of it is not. */
function keptOf(origin: RecordOrigin | undefined): RecordOrigin | undefined {
  return origin && { position: origin.position, source: origin.source }
}
