import type { Row } from '../database/table.ts'
import { observedTimeOf } from '../model/kept-time-name.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { BucketStore, type BucketLayout } from './bucket-store.ts'
import { Bucket, type BucketRow } from './bucket.ts'
import type { KeptTime } from './contract/kept-time.ts'
import type { VersionedStoreDefinition } from './contract/store-definition.ts'
import type { PutVersion, VersionedRecord, VersionedStore } from './contract/versioned-store.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'
import { isForgotten } from './version-history.ts'

/** A version of a row; null where there was none. */
interface Version {
  readonly value: unknown
  /** When the next version begins; null for the latest. */
  readonly validTo: number | null
}

const LATEST: PutVersion = Object.freeze({ isKept: true })
const REFUSED: PutVersion = Object.freeze({ isKept: false })

type VersionRow = BucketRow<Version>
type Versions = Bucket<Version>

/** Versions in a table: a bucket for each key, in it the versions by the times from which they were valid. */
export class TableVersions
  extends BucketStore<unknown, Version>
  implements VersionedStore<unknown, unknown>
{
  readonly #definition: VersionedStoreDefinition
  readonly #surroundings: StoreSurroundings
  /** Highest time of a version that was put. */
  readonly #time: KeptTime

  constructor(definition: VersionedStoreDefinition, surroundings: StoreSurroundings) {
    const { partition, reader, cacheBytesMax } = surroundings
    super(layoutOf(definition), partition, reader, cacheBytesMax)
    this.#definition = definition
    this.#surroundings = surroundings
    this.#time = surroundings.time(observedTimeOf(definition.name))
  }

  putVersion(key: unknown, value: unknown, timestamp: number): MaybePromise<PutVersion> {
    if (timestamp < this.#historyStart) {
      this.#surroundings.expired(this.name)
      return REFUSED
    }
    this.#time.value = Math.max(this.#time.value, timestamp)
    return this.#with(key, (versions) => this.#put(versions, value, timestamp))
  }

  get(key: unknown): MaybePromise<VersionedRecord<unknown> | undefined> {
    return this.#with(key, ({ rows }) => asRow(rows.at(-1)))
  }

  getAsOf(key: unknown, timestamp: number): MaybePromise<VersionedRecord<unknown> | undefined> {
    return this.#with(key, ({ rows }) => {
      const valid = rows.findLast((row) => row.timestamp <= timestamp)
      const isKnown = timestamp >= this.#historyStart || valid?.value.validTo === null
      return isKnown ? asRow(valid) : undefined
    })
  }

  get #historyStart(): number {
    return this.#time.value - this.#definition.historyRetentionMs
  }

  #put(versions: Versions, value: unknown, timestamp: number): PutVersion {
    this.#forgetOld(versions)
    const before = versions.rows.findLast((row) => row.timestamp < timestamp)
    if (value === null && this.#takesBack(versions, before, timestamp)) return LATEST
    const next = versions.rows.find((row) => row.timestamp > timestamp)
    const validTo = next ? next.timestamp : null
    this.put(versions, { at: [timestamp], value: { value, validTo }, timestamp })
    if (before) {
      const ended = { value: before.value.value, validTo: timestamp }
      this.put(versions, { ...before, value: ended })
    }
    return next ? { isKept: true, validTo: next.timestamp } : LATEST
  }

  /**
   * As in Kafka Streams, the latest version leaves no trace when it is deleted at its own time: one that comes later with an
   * earlier time is then the latest. What ended there still says that there was something.
   */
  #takesBack(versions: Versions, before: VersionRow | undefined, timestamp: number): boolean {
    const latest = versions.rows.at(-1)
    const isLatest = latest?.timestamp === timestamp && latest.value.value !== null
    if (!isLatest || (before && before.value.value !== null)) return false
    this.delete(versions, latest.at)
    if (before) this.put(versions, { ...before, value: { value: null, validTo: null } })
    return true
  }

  /** Versions that ended before the history begins go when their key is written next. */
  #forgetOld(versions: Versions): void {
    const isOld = ({ value: { validTo } }: VersionRow) =>
      isForgotten(validTo, this.#time.value, this.#definition)
    for (const { at } of versions.rows.filter(isOld)) this.delete(versions, at)
  }

  #with<R>(key: unknown, use: (versions: Versions) => R): MaybePromise<R> {
    const bucket = this.bucket(key)
    return bucket instanceof Bucket ? use(bucket) : bucket.then(use)
  }
}

function asRow(row: VersionRow | undefined): VersionedRecord<unknown> | undefined {
  if (row === undefined || row.value.value === null) return undefined
  const { value, validTo } = row.value
  const { timestamp } = row
  return validTo === null ? { value, timestamp } : { value, timestamp, validTo }
}

function layoutOf(definition: VersionedStoreDefinition): BucketLayout<unknown, Version> {
  const cells = new StoreCells(definition)
  return {
    table: storeTable(definition),
    keyCell: (key) => cells.keyCell(key),
    toCells: ({ value: { value, validTo }, timestamp }) => {
      checkTimestamp(definition.name, timestamp)
      return [timestamp, validTo, value === null ? null : cells.valueCell(value)]
    },
    placeCells: (at) => at,
    fromRow: ([, , from, to, cell]: Row) => {
      const value = (cell ?? null) === null ? null : cells.valueOf(cell!)
      return {
        at: [from as number],
        value: { value, validTo: to as number | null },
        timestamp: from as number,
      }
    },
  }
}
