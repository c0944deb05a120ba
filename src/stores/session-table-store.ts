import type { Row } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import { whenKnown } from '../model/when-known.ts'
import type { Windowed } from '../model/windowed.ts'
import type { BucketLayout, RowOfKey } from './bucket-store.ts'
import type { Bucket, BucketRow } from './bucket.ts'
import type { ValueAndTimestamp } from './contract/key-value-store.ts'
import type { KeySessions, SessionAggregates, SessionEntry } from './contract/key-sessions.ts'
import type { SessionStoreDefinition } from './contract/store-definition.ts'
import type { SessionStore } from './contract/session-store.ts'
import type { WindowedEntry } from './contract/window-store.ts'
import { ExpiringStore } from './expiring-store.ts'
import { betweenKeys, byKeyBytes } from './by-key-bytes.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

type Entries<K, V> = readonly WindowedEntry<K, V>[]

type KeyAndTimes<K> = readonly [key: K, earliestEnd: number, latestStart: number]

/** Keys from one to another, and times. */
type KeysAndTimes<K> = readonly [
  ...[keyFrom: K | null, keyTo: K | null],
  ...[earliestEnd: number, latestStart: number],
]

/** A session store whose rows are those of one partition in a SQL table: a bucket of sessions for each key. */
export class SessionTableStore<K, V>
  implements SessionStore<K, V>, SessionAggregates<K, V>, TaskStore
{
  readonly name: string
  readonly #definition: SessionStoreDefinition<K, V>
  readonly #cells: StoreCells<K, V>
  readonly #rows: ExpiringStore<K, V>

  constructor(definition: SessionStoreDefinition<K, V>, surroundings: StoreSurroundings) {
    const cells = new StoreCells(definition)
    this.name = definition.name
    this.#definition = definition
    this.#cells = cells
    this.#rows = new ExpiringStore({
      ...{ definition, cells, surroundings },
      layout: layoutOf(definition, cells),
    })
  }

  get dirtyBytes(): number {
    return this.#rows.dirtyBytes
  }

  open(): Promise<void> {
    return this.#rows.open()
  }

  readAhead(keys: Iterable<K>): MaybePromise {
    return this.#rows.readAhead(keys)
  }

  seal(): SealedChanges {
    return this.#rows.seal()
  }

  sessionsOf(key: K): MaybePromise<KeySessions<V>> {
    return whenKnown(this.#rows.bucket(key), (bucket) => new BucketSessions(this.#rows, bucket))
  }

  /** The row of a windowed key, for who looks it up in the table of an aggregate. */
  get(session: Windowed<K>): MaybePromise<ValueAndTimestamp<V> | undefined> {
    return whenKnown(this.sessionsOf(session.key), (sessions) => rowOf(sessions, session))
  }

  takeClosed(until: number): MaybePromise<readonly WindowedEntry<K, V>[]> {
    return whenKnown(this.#rows.takeClosed(until), (rows) => rows.map((row) => this.#toEntry(row)))
  }

  put(session: Windowed<K>, value: V | null | undefined): MaybePromise {
    const { key, start, end } = session
    if (value === null || value === undefined) return this.remove(session)
    return whenKnown(this.sessionsOf(key), (sessions) => sessions.put({ start, end, value }))
  }

  remove({ key, start, end }: Windowed<K>): MaybePromise {
    return whenKnown(this.sessionsOf(key), (sessions) => sessions.delete(start, end))
  }

  fetchSession(key: K, start: number, end: number): MaybePromise<V | undefined> {
    return whenKnown(this.sessionsOf(key), (sessions) => sessions.get(start, end))
  }

  fetch(key: K): MaybePromise<Entries<K, V>> {
    return this.#findOf(key, 0, Infinity)
  }

  backwardFetch(key: K): MaybePromise<Entries<K, V>> {
    return whenKnown(this.fetch(key), (entries) => entries.toReversed())
  }

  findSessions(...ends: readonly [earliestEnd: number, latestEnd: number]): Promise<Entries<K, V>>
  findSessions(...asked: KeyAndTimes<K>): MaybePromise<Entries<K, V>>
  findSessions(...asked: KeysAndTimes<K>): Promise<Entries<K, V>>
  findSessions(
    ...asked: readonly [number, number] | KeyAndTimes<K> | KeysAndTimes<K>
  ): MaybePromise<Entries<K, V>> | Promise<Entries<K, V>> {
    if (asked.length === 2) return this.#findEnding(...asked)
    return asked.length === 3 ? this.#findOf(...asked) : this.#findBetween(...asked)
  }

  backwardFindSessions(...asked: KeyAndTimes<K>): MaybePromise<Entries<K, V>>
  backwardFindSessions(...asked: KeysAndTimes<K>): Promise<Entries<K, V>>
  backwardFindSessions(
    ...asked: KeyAndTimes<K> | KeysAndTimes<K>
  ): MaybePromise<Entries<K, V>> | Promise<Entries<K, V>> {
    if (asked.length === 4)
      return this.#findBetween(...asked).then((entries) => entries.toReversed())
    return whenKnown(this.#findOf(...asked), (entries) => entries.toReversed())
  }

  #findOf(key: K, earliestEnd: number, latestStart: number): MaybePromise<Entries<K, V>> {
    return whenKnown(this.sessionsOf(key), (sessions) =>
      sessions
        .overlapping(earliestEnd, latestStart)
        .map(({ start, end, value }) => ({ key: { key, start, end }, value, timestamp: end })),
    )
  }

  async #findBetween(
    ...[keyFrom, keyTo, earliestEnd, latestStart]: KeysAndTimes<K>
  ): Promise<Entries<K, V>> {
    const entries = betweenKeys(await this.#all(), this.#definition.key, [keyFrom, keyTo])
    return entries.filter(({ key: { start, end } }) => end >= earliestEnd && start <= latestStart)
  }

  async #findEnding(earliestEnd: number, latestEnd: number): Promise<Entries<K, V>> {
    const entries = await this.#all()
    return entries.filter(({ key: { end } }) => end >= earliestEnd && end <= latestEnd)
  }

  async #all(): Promise<Entries<K, V>> {
    const entries = (await this.#rows.all()).map((row) => this.#toEntry(row))
    return byKeyBytes(entries, this.#definition.key)
  }

  #toEntry({ keyCell, at: [end = 0, start = 0], value }: RowOfKey<V>): WindowedEntry<K, V> {
    return { key: { key: this.#cells.keyOf(keyCell), start, end }, value, timestamp: end }
  }
}

function rowOf<V>(
  sessions: KeySessions<V>,
  { start, end }: Windowed<unknown>,
): ValueAndTimestamp<V> | undefined {
  const value = sessions.get(start, end)
  return value === undefined ? undefined : { value, timestamp: end }
}

class BucketSessions<K, V> implements KeySessions<V> {
  readonly #rows: ExpiringStore<K, V>
  readonly #bucket: Bucket<V>

  constructor(rows: ExpiringStore<K, V>, bucket: Bucket<V>) {
    this.#rows = rows
    this.#bucket = bucket
  }

  overlapping(earliestEnd: number, latestStart: number): readonly SessionEntry<V>[] {
    return this.#rows
      .between(this.#bucket, earliestEnd, Infinity)
      .map(({ at: [end = 0, start = 0], value }) => ({ start, end, value }))
      .filter(({ start }) => start <= latestStart)
  }

  get(start: number, end: number): V | undefined {
    return this.#rows.get(this.#bucket, [end, start])?.value
  }

  put({ start, end, value }: SessionEntry<V>): void {
    this.#rows.put(this.#bucket, { at: [end, start], value, timestamp: end })
  }

  delete(start: number, end: number): void {
    this.#rows.delete(this.#bucket, [end, start])
  }
}

function layoutOf<K, V>(
  definition: SessionStoreDefinition<K, V>,
  cells: StoreCells<K, V>,
): BucketLayout<K, V> {
  return {
    table: storeTable(definition),
    keyCell: (key) => cells.keyCell(key),
    toCells: ({ at: [end = 0, start = 0], value, timestamp }: BucketRow<V>): readonly Cell[] => {
      for (const time of [start, end]) checkTimestamp(definition.name, time)
      return [start, end, cells.valueCell(value), timestamp]
    },
    placeCells: (at) => at,
    fromRow: ([, , start, end, value, timestamp]: Row): BucketRow<V> => ({
      at: [end as number, start as number],
      value: cells.valueOf(value!),
      timestamp: timestamp as number,
    }),
  }
}
