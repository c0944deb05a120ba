import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { KeyInterval, RangedStore } from '../../stores/contract/ranged-store.ts'
import type { KeyValue } from '../processing/functions.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { KeyValueStore } from './state-store.ts'

/** How a processor sees what is kept. */
export interface StoreView<V, Seen> {
  toSeen(entry: ValueAndTimestamp<V>): Seen
  toEntry(seen: Seen): ValueAndTimestamp<V>
}

/** A key-value store as processors see it. */
export class ProcessorStore<K, V, Seen> implements KeyValueStore<K, Seen> {
  readonly name: string
  readonly #store: RangedStore<K, V>
  readonly #view: StoreView<V, Seen>

  constructor(store: RangedStore<K, V>, view: StoreView<V, Seen>) {
    this.name = store.name
    this.#store = store
    this.#view = view
  }

  get(key: K): MaybePromise<Seen | undefined> {
    return whenKnown(this.#store.get(this.#checked(key)), (entry) =>
      entry ? this.#view.toSeen(entry) : undefined,
    )
  }

  put(key: K, value: Seen | null | undefined): void {
    const isDeleted = value === null || value === undefined
    this.#store.put(this.#checked(key), isDeleted ? undefined : this.#view.toEntry(value))
  }

  putAll(entries: Iterable<KeyValue<K, Seen | null | undefined>>): void {
    for (const [key, value] of entries) this.put(key, value)
  }

  putIfAbsent(key: K, value: Seen): MaybePromise<Seen | undefined> {
    return whenKnown(this.get(key), (there) => {
      if (there === undefined) this.put(key, value)
      return there
    })
  }

  delete(key: K): MaybePromise<Seen | undefined> {
    return whenKnown(this.get(key), (there) => {
      this.put(key, undefined)
      return there
    })
  }

  range(from?: K, to?: K): AsyncIterable<KeyValue<K, Seen>> {
    return this.#rows({ from, to })
  }

  reverseRange(from?: K, to?: K): AsyncIterable<KeyValue<K, Seen>> {
    return this.#rows({ from, to, reverse: true })
  }

  all(): AsyncIterable<KeyValue<K, Seen>> {
    return this.#rows({})
  }

  reverseAll(): AsyncIterable<KeyValue<K, Seen>> {
    return this.#rows({ reverse: true })
  }

  async *prefixScan(prefix: K & (string | Uint8Array)): AsyncGenerator<KeyValue<K, Seen>> {
    // Keys that begin alike stand together, the shortest first.
    for await (const row of this.range(prefix)) {
      const begins = beginsWith(row[0], prefix)
      if (begins === undefined)
        throw new TypeError(
          `store ${this.name} has no prefixes: its keys are neither text nor bytes`,
        )
      if (!begins) return
      yield row
    }
  }

  async approximateNumEntries(): Promise<number> {
    let rows = 0
    for await (const _ of this.all()) rows++
    return rows
  }

  async *#rows(interval: KeyInterval<K>): AsyncGenerator<KeyValue<K, Seen>> {
    for await (const [key, entry] of this.#store.rows(interval))
      yield [key, this.#view.toSeen(entry)]
  }

  #checked(key: K): K {
    if (key === null || key === undefined)
      throw new TypeError(`store ${this.name} has no row of the key ${String(key)}`)
    return key
  }
}

/** Nothing where neither can begin with the other. */
function beginsWith(key: unknown, prefix: string | Uint8Array): boolean | undefined {
  if (typeof key === 'string' && typeof prefix === 'string') return key.startsWith(prefix)
  if (!(key instanceof Uint8Array && prefix instanceof Uint8Array)) return undefined
  return Buffer.compare(key.subarray(0, prefix.length), prefix) === 0
}
