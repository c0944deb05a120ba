import type {
  DropReason,
  NodeContext,
  SinkRecord,
} from '../../../../src/topology/processing/node-context.ts'
import type { KeyValueStore } from '../../../../src/stores/contract/key-value-store.ts'
import { FakeStore, type Answers } from './fake-store.ts'

/** A failure that a node reported. */
export interface Failure {
  readonly error: unknown
  readonly node: string
  readonly phase: 'processing' | 'production'
}

/** A task that only remembers. */
export class FakeContext implements NodeContext {
  readonly stores = new Map<string, FakeStore>()
  readonly drops: (readonly [DropReason, string])[] = []
  readonly failures: Failure[] = []
  sent: SinkRecord[] = []
  readonly #answers: Answers
  readonly #skipsFailures: boolean

  constructor(answers: Answers, skipsFailures: boolean) {
    this.#answers = answers
    this.#skipsFailures = skipsFailures
  }

  store<K, V>(name: string): KeyValueStore<K, V> {
    const store = this.stores.get(name) ?? new FakeStore(name, this.#answers)
    this.stores.set(name, store)
    return store as unknown as KeyValueStore<K, V>
  }

  send(record: SinkRecord): void {
    this.sent.push(record)
  }

  dropped(reason: DropReason, node: string): void {
    this.drops.push([reason, node])
  }

  failed(error: unknown, node: string, phase: Failure['phase']): void {
    this.failures.push({ error, node, phase })
    if (!this.#skipsFailures) throw error
  }
}
