import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Database } from '../../../src/database/database.ts'
import type { Reader } from '../../../src/database/transaction.ts'
import { TableStore } from '../../../src/stores/table-store.ts'
import type { SealedChanges } from '../../../src/stores/task-store.ts'
import { deferred, type Deferred } from '../../support/deferred.ts'
import { turns } from '../../support/turns.ts'
import { databaseOf, definition, writeSealed } from './store-world.ts'

/** The database's answers are held back, on their way there and on their way home, until the test lets them go. */
class SlowReader implements Reader {
  readonly #database: Database
  readonly #held: Deferred[] = []

  constructor(database: Database) {
    this.#database = database
  }

  async getMany(...args: Parameters<Reader['getMany']>) {
    await this.#hold()
    const rows = await this.#database.getMany(...args)
    await this.#hold()
    return rows
  }

  range(...args: Parameters<Reader['range']>) {
    return this.#database.range(...args)
  }

  async letGo(which: number): Promise<void> {
    const [held] = this.#held.splice(which % Math.max(1, this.#held.length), 1)
    held?.resolve()
    await turns(1)
  }

  async letAllGo(): Promise<void> {
    while (this.#held.length > 0) await this.letGo(0)
  }

  #hold(): Promise<void> {
    const held = deferred()
    this.#held.push(held)
    return held.promise
  }
}

const keys = fc.constantFrom('a', 'b', 'c', 'd')
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('put' as const), key: keys }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key: keys }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('get' as const), key: keys }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('readAhead' as const),
      keys: fc.array(keys, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('letGo' as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('letAllGo' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('commit' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('seal' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('write' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('acknowledge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('move' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A unit, and what the model held when it was sealed. */
interface Unit {
  readonly changes: SealedChanges
  readonly model: ReadonlyMap<string, number>
}

/**
 * A store beside a plain map, and units on their way: sealed, then written, then acknowledged, in order. After a crash another store
 * goes on from what was written; when the task moves, from everything.
 */
class Run {
  readonly #database: Database
  readonly #reader: SlowReader
  readonly #cacheBytesMax: number
  #store: TableStore<string, number>
  #model = new Map([
    ['a', 1],
    ['b', 2],
  ])
  /** What the model held when the last unit that is written was sealed. */
  #durable: ReadonlyMap<string, number> = new Map(this.#model)
  readonly #pending: Promise<unknown>[] = []
  #sealed: Unit[] = []
  #written: Unit[] = []
  #next = 100

  constructor(database: Database, cacheBytesMax: number) {
    this.#database = database
    this.#reader = new SlowReader(database)
    this.#cacheBytesMax = cacheBytesMax
    this.#store = this.#open()
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'put') this.#put(step.key)
    else if (step.do === 'delete') this.#delete(step.key)
    else if (step.do === 'get') this.#get(step.key)
    else if (step.do === 'readAhead') this.#await(Promise.resolve(this.#store.readAhead(step.keys)))
    else if (step.do === 'letGo') await this.#reader.letGo(step.which)
    else if (step.do === 'letAllGo') await this.#reader.letAllGo()
    else if (step.do === 'commit') await this.#commit()
    else if (step.do === 'seal') this.#seal()
    else if (step.do === 'write') await this.#write()
    else if (step.do === 'crash') this.#crash()
    else if (step.do === 'move') await this.#move()
    else this.#acknowledge()
  }

  /** Every unit becomes durable; then database and model say the same. */
  async finish(): Promise<void> {
    await this.#reader.letAllGo()
    await Promise.all(this.#pending)
    await this.#writeAll()
    const rows = await this.#database.range(this.#sealedTable(), { prefix: [0] })
    expect(new Map(rows.map(([, key, value]) => [key, Number(value)]))).toEqual(this.#model)
  }

  #sealedTable() {
    return this.#store.seal().changes.table
  }

  /** What it comes to is looked at in the end; until then a failure must not end the process. */
  #await(answer: Promise<unknown>): void {
    answer.catch(() => undefined)
    this.#pending.push(answer)
  }

  #put(key: string): void {
    this.#store.put(key, { value: this.#next, timestamp: 0 })
    this.#model.set(key, this.#next++)
  }

  #delete(key: string): void {
    this.#store.put(key, undefined)
    this.#model.delete(key)
  }

  /** A miss is answered with what is true when the answer comes; after a crash nobody waits for it. */
  #get(key: string): void {
    const store = this.#store
    const answer = store.get(key)
    if (!(answer instanceof Promise)) return expect(answer?.value).toBe(this.#model.get(key))
    this.#await(
      answer.then((found) => {
        if (store === this.#store) expect(found?.value).toBe(this.#model.get(key))
      }),
    )
  }

  #seal(): void {
    this.#sealed.push({ changes: this.#store.seal(), model: new Map(this.#model) })
  }

  async #write(): Promise<void> {
    const sealed = this.#sealed.shift()
    if (!sealed) return
    await writeSealed(this.#database, sealed.changes)
    this.#durable = sealed.model
    this.#written.push(sealed)
  }

  #acknowledge(): void {
    this.#written.shift()?.changes.committed()
  }

  /** All units that are on their way arrive. */
  async #commit(): Promise<void> {
    await this.#writeAll()
    while (this.#written.length > 0) this.#acknowledge()
  }

  async #writeAll(): Promise<void> {
    this.#seal()
    while (this.#sealed.length > 0) await this.#write()
  }

  #crash(): void {
    this.#store = this.#open()
    this.#model = new Map(this.#durable)
    this.#sealed = []
    this.#written = []
  }

  async #move(): Promise<void> {
    await this.#writeAll()
    this.#crash()
  }

  #open(): TableStore<string, number> {
    return new TableStore(definition, 0, this.#reader, () => this.#cacheBytesMax)
  }
}

test.each([1, 450, 1e6])(
  'a store with a cache of %d bytes never answers anything but what was last put',
  async (cacheBytesMax) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const run = new Run(
          await databaseOf([
            ['a', 1],
            ['b', 2],
          ]),
          cacheBytesMax,
        )
        for (const one of steps) await run.take(one)
        await run.finish()
      }),
      { numRuns: 1_000 },
    )
  },
)
