import type {
  KeyValueStore,
  ValueAndTimestamp,
} from '../../../../src/stores/contract/key-value-store.ts'

type Entry = ValueAndTimestamp<unknown> | undefined

/** Whether a read is answered with a promise. */
export type Answers = (key: unknown) => 'at-once' | 'later'

/** A store in a map. Keys must be primitive values. */
export class FakeStore implements KeyValueStore<unknown, unknown> {
  readonly name: string
  readonly rows = new Map<unknown, ValueAndTimestamp<unknown>>()
  readonly #answers: Answers
  refuses: (key: unknown, value: unknown) => Error | undefined = () => undefined

  constructor(name: string, answers: Answers) {
    this.name = name
    this.#answers = answers
  }

  get(key: unknown): Entry | Promise<Entry> {
    if (this.#answers(key) === 'at-once') return this.rows.get(key)
    return new Promise((resolve) => setImmediate(() => resolve(this.rows.get(key))))
  }

  put(key: unknown, entry: Entry): void {
    const refusal = this.refuses(key, entry?.value)
    if (refusal !== undefined) throw refusal
    if (entry === undefined) this.rows.delete(key)
    else this.rows.set(key, entry)
  }
}
