import { NO_HEADERS } from '../../model/headers.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { RecordOrigin } from '../../model/record.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'
import type { RecordBuffer, WaitingRecord } from '../../stores/contract/record-buffer.ts'
import type { FailedRecord } from '../processing/node-context.ts'
import type { NodeSite } from './live-node.ts'
import { releaseEach } from './release-each.ts'
import { StreamTableJoinNode, type StreamTableJoinDefinition } from './stream-table-join-node.ts'

/** What a join needs that lets records wait. */
export type BufferedTableJoinDefinition = StreamTableJoinDefinition &
  Required<Pick<StreamTableJoinDefinition, 'store' | 'graceMs'>>

/** Whether records of a join wait. */
export function isBuffered(
  definition: StreamTableJoinDefinition,
): definition is BufferedTableJoinDefinition {
  return definition.store !== undefined
}

/**
 * Joins records with the rows of their times, when the grace period is over: until then rows of those times may still come. They
 * leave in the order of time, then of the bytes of keys, when a later record has come in here. One that comes later than that is
 * joined at once.
 *
 * A record that cannot be joined stays, and is tried again with the next that comes, as in Kafka Streams; whether it may is asked
 * of the record that was to let it go.
 */
export class BufferedTableJoinNode extends StreamTableJoinNode {
  readonly #graceMs: number
  readonly #buffer: RecordBuffer
  /** Highest timestamp of the records that have come in. */
  readonly #time: KeptTime
  #failure: { readonly error: unknown } | undefined
  #isReleasing = false

  constructor(definition: BufferedTableJoinDefinition, site: NodeSite) {
    super(definition, site)
    this.#graceMs = definition.graceMs
    this.#buffer = site.context.store(definition.store.name)
    this.#time = site.context.time(definition.name)
  }

  protected override take(record: StreamRecord, key: unknown): MaybePromise {
    if (key === null)
      return this.failed(new TypeError('a record without a key cannot wait'), record)
    if (record.timestamp < this.#time.value - this.#graceMs) return super.take(record, key)
    try {
      this.#buffer.add(record, this.context.position)
    } catch (error) {
      return this.failed(error, record)
    }
    this.#time.value = Math.max(this.#time.value, record.timestamp)
    return this.#release(record)
  }

  override advance(streamTime: number): MaybePromise {
    this.#time.value = Math.max(this.#time.value, streamTime)
    return this.#release({ timestamp: streamTime, headers: NO_HEADERS })
  }

  /** What fails meanwhile ends it. */
  protected override failed(error: unknown, record: FailedRecord): void {
    if (this.#isReleasing) this.#failure = { error }
    else super.failed(error, record)
  }

  #release(record: FailedRecord): MaybePromise {
    this.#isReleasing = true
    const pending = releaseEach<WaitingRecord>({
      next: () => this.#nextToLeave(),
      tell: (waiting) => this.context.at(originOf(waiting), () => this.#joinWaiting(waiting)),
      forget: (waiting) => {
        if (!this.#failure) this.#buffer.remove(waiting)
      },
    })
    return whenKnown(pending, () => this.#endRelease(record))
  }

  #nextToLeave(): WaitingRecord | undefined {
    const first = this.#failure ? undefined : this.#buffer.first()
    return first && first.key.time <= this.#time.value - this.#graceMs ? first : undefined
  }

  #joinWaiting({ key: place, recordKey: key, value, headers }: WaitingRecord): MaybePromise {
    return super.take({ key, value, timestamp: place.time, headers }, key)
  }

  #endRelease(record: FailedRecord): void {
    const failure = this.#failure
    this.#failure = undefined
    this.#isReleasing = false
    if (failure) super.failed(failure.error, record)
  }
}

/** Its bytes were not kept: what waits is the record as it was then. */
function originOf({ position }: WaitingRecord): RecordOrigin | undefined {
  return position && { position }
}
