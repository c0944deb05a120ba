import { TopologyError } from '../../errors/topology-error.ts'
import type { RangedStore } from '../../stores/contract/ranged-store.ts'
import type { VersionedStore } from '../../stores/contract/versioned-store.ts'
import type { NodeContext } from '../processing/node-context.ts'
import { ProcessorVersions } from './processor-versions.ts'
import { ProcessorStore, type StoreView } from './processor-store.ts'
import { readOnly } from './read-only.ts'
import type { ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { StoreForm } from './store-builder.ts'

/** A store that a processor may use; without a form it is one that an operator of the DSL keeps. */
export interface AttachedStore {
  readonly name: string
  readonly form: StoreForm | undefined
  /** The node that alone writes it, where that is another one. */
  readonly writer?: string
}

const TIMESTAMPED: StoreView<unknown, ValueAndTimestamp<unknown>> = {
  toSeen: (entry) => entry,
  toEntry: (entry) => entry,
}

/** What is needed of a task. */
type StoresContext = Pick<NodeContext, 'store' | 'streamTime'>

/** The stores of one processor, in the forms in which it sees them. */
export class AttachedStores {
  readonly #context: StoresContext
  readonly #attached: readonly AttachedStore[]
  readonly #path: string
  readonly #opened = new Map<string, unknown>()

  /** @param path What leads to the node of the processor. */
  constructor(context: StoresContext, attached: readonly AttachedStore[], path: string) {
    this.#context = context
    this.#attached = attached
    this.#path = path
  }

  /** @throws TopologyError `TOPOLOGY_INVALID` when it is not attached. */
  get(name: string): unknown {
    const opened = this.#opened.get(name) ?? this.#open(name)
    this.#opened.set(name, opened)
    return opened
  }

  #open(name: string): unknown {
    const attached = this.#attached.find((one) => one.name === name)
    if (!attached) throw this.#refusal(name)
    const store = this.#seen(attached)
    const { writer } = attached
    return writer === undefined ? store : readOnly(store, () => this.#readOnlyRefusal(name, writer))
  }

  #seen({ name, form }: AttachedStore): object {
    const store = this.#context.store<object>(name)
    if ('putVersion' in store)
      return new ProcessorVersions(name, store as VersionedStore<unknown, unknown>)
    if (!('rows' in store)) return store
    const ranged = store as RangedStore<unknown, unknown>
    return form === 'plain'
      ? new ProcessorStore(ranged, this.#plain())
      : new ProcessorStore(ranged, TIMESTAMPED)
  }

  /** A value whose time nobody asks for has stream time. */
  #plain(): StoreView<unknown, unknown> {
    return {
      toSeen: ({ value }) => value,
      toEntry: (value) => ({ value, timestamp: Math.max(0, this.#context.streamTime) }),
    }
  }

  #readOnlyRefusal(name: string, writer: string): TopologyError {
    return new TopologyError(
      `node ${this.#path} writes the store ${name}, which node ${writer} alone may write, from its topic`,
    )
  }

  #refusal(name: string): TopologyError {
    const names = this.#attached.map((one) => one.name).join(', ')
    return new TopologyError(
      `node ${this.#path} uses the store ${name}, which is not attached to it (attached: ${names || 'none'}); add it to its option stores`,
    )
  }
}
