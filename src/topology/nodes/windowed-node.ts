import { NO_HEADERS, type Headers } from '../../model/headers.ts'
import { streamTimeOf } from '../../model/kept-time-name.ts'
import type { MaybePromise } from '../../model/maybe-promise.ts'
import { whenKnown } from '../../model/when-known.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type {
  SessionStoreDefinition,
  WindowStoreDefinition,
} from '../../stores/contract/store-definition.ts'
import type { WindowedEntry } from '../../stores/contract/window-store.ts'
import { inTurn } from '../processing/in-turn.ts'
import { createWindowedIdentity } from '../processing/key-identity.ts'
import type { WindowBounds } from '../windows/fixed-windows.ts'
import type { NullValues } from '../windows/null-values.ts'
import { ChangeNode } from './change-node.ts'
import type { NodeSite } from './live-node.ts'

/** A store whose windows are emitted when they have closed. */
interface ClosingStore {
  takeClosed(until: number): MaybePromise<readonly WindowedEntry<unknown, unknown>[]>
}

/** What definitions of such nodes have in common. */
export interface WindowedDefinition {
  readonly store: WindowStoreDefinition | SessionStoreDefinition
  /** One of several aggregates that share their store: the node below, which unites them, keeps it and holds back what is cached. */
  readonly isPart?: boolean
  readonly nullValues?: NullValues
}

/** What became of one window. */
export interface WindowUpdate {
  readonly key: unknown
  readonly window: WindowBounds
  readonly oldValue: unknown
  readonly newValue: unknown
  readonly timestamp: number
  readonly headers: Headers
}

/** A node that aggregates into windows: it has its own stream time, and tells either every update or what has closed. */
export abstract class WindowedNode<Store extends ClosingStore> extends ChangeNode {
  protected readonly store: Store
  /** Whether changes are held back, here or below. */
  protected readonly isCached: boolean
  readonly #emitsOnClose: boolean
  readonly #nullValues: NullValues
  readonly #observed: { value: number }

  constructor(definition: WindowedDefinition, site: NodeSite) {
    const { store, isPart = false, nullValues = 'aggregated' } = definition
    const { cache, emitsOnClose, key, name } = store
    const isCached = cache && !emitsOnClose
    const holds = isCached && !isPart
    super(holds ? { name, identityOf: createWindowedIdentity(key) } : undefined, site)
    this.isCached = isCached
    this.store = site.context.store(name)
    this.#emitsOnClose = emitsOnClose
    this.#nullValues = nullValues
    // By the store: operators that come and go above it change the names of nodes. The parts of a cogroup share one, each with a time.
    this.#observed = site.context.time(streamTimeOf(isPart ? site.name : name))
  }

  /** Drops and counts a record without a key, or without a value where those are dropped. */
  protected isDropped({ key, value }: StreamRecord): boolean {
    if (key === null || key === undefined) this.context.dropped('null-key', this.name)
    else if (this.#nullValues === 'dropped' && (value === null || value === undefined))
      this.context.dropped('null-value', this.name)
    else return false
    return true
  }

  /** The highest timestamp that the node has seen, this one included. It survives restarts: what was late stays late. */
  protected observe(timestamp: number): number {
    if (timestamp > this.#observed.value) this.#observed.value = timestamp
    return this.#observed.value
  }

  override advance(streamTime: number): MaybePromise {
    return this.emitClosed({ headers: NO_HEADERS }, this.closedAt(this.observe(streamTime)))
  }

  /** Up to which time windows have closed, when the highest timestamp is that. */
  protected abstract closedAt(observed: number): number

  /** Tells an update, unless only what has closed is told. */
  protected tellUpdate({ key, window, ...change }: WindowUpdate): MaybePromise {
    if (this.#emitsOnClose) return undefined
    const { oldValue, newValue, timestamp, headers } = change
    return this.tell({ key, ...window }, oldValue, newValue, timestamp, headers)
  }

  /** Forwards what has closed up to a time, with the headers of the record that closed it. */
  protected emitClosed({ headers }: Pick<StreamRecord, 'headers'>, until: number): MaybePromise {
    if (!this.#emitsOnClose || until < 0) return undefined
    return whenKnown(this.store.takeClosed(until), (closed) =>
      inTurn(closed, ({ key, value, timestamp }) =>
        this.forward({ key, value: { newValue: value, oldValue: null }, timestamp, headers }),
      ),
    )
  }
}
