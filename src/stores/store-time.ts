import type { AnyExpiringStoreDefinition } from './contract/store-definition.ts'
import type { KeptTime } from './contract/kept-time.ts'

/** What an expiring store goes by. */
type Retention = Pick<AnyExpiringStoreDefinition, 'kind' | 'retentionMs' | 'emitsOnClose'>

/** Whether rows that have expired are seen until they are swept: Kafka Streams sees those that its cache holds. */
export function showsExpired({
  cache,
  emitsOnClose,
}: Pick<AnyExpiringStoreDefinition, 'cache' | 'emitsOnClose'>): boolean {
  return cache && !emitsOnClose
}

/** Kafka Streams deletes rows by segments of half the retention, but of no less than this (`Stores`). */
const SEGMENT_MS_MIN = 60_000

/**
 * What time it is for one store, by the rows that were put, and which rows that leaves.
 *
 * A row is live while its time is within the retention. One that is put is refused only where Kafka Streams would have deleted
 * the whole segment that it belongs to: those between are taken, and never seen.
 */
export class StoreTime {
  readonly segmentMs: number
  readonly #time: KeptTime
  readonly #retentionMs: number
  /** In windows that are ordered by time, for emission, Kafka Streams sees one millisecond more. */
  readonly #seenMs: number

  constructor(time: KeptTime, { kind, retentionMs, emitsOnClose }: Retention) {
    this.#time = time
    this.#retentionMs = retentionMs
    this.#seenMs = kind === 'window' && emitsOnClose ? retentionMs + 1 : retentionMs
    this.segmentMs = Math.max(Math.trunc(retentionMs / 2), SEGMENT_MS_MIN)
  }

  /** The time of the first row that is seen; negatively infinite where rows never expire. */
  get firstLive(): number {
    return this.#time.value - this.#seenMs + 1
  }

  observe(time: number): void {
    if (time > this.#time.value) this.#time.value = time
  }

  /** Whether a row of this time may be put. */
  takes(time: number): boolean {
    if (this.#retentionMs === Infinity) return true
    return this.#segmentOf(time) >= this.#segmentOf(this.#time.value - this.#retentionMs)
  }

  #segmentOf(time: number): number {
    return Math.trunc(time / this.segmentMs)
  }
}
