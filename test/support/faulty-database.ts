import type { Database, TableToMigrate } from '../../src/database/database.ts'
import { SYSTEM_TABLES } from '../../src/commit/system-tables.ts'
import type { Row, Table } from '../../src/database/table.ts'
import type {
  KeyRange,
  KeySet,
  Transaction,
  TransactionOptions,
} from '../../src/database/transaction.ts'
import { wrapTransaction } from './wrap-transaction.ts'

/** A statement as the database saw it. */
export interface SeenStatement {
  readonly method: keyof Transaction
  readonly table: string
}

/** What happens to the next transaction. */
export interface Fault {
  /** `statement`: the statement is not run, the transaction is rolled back · `commit`: rolled back · `answer`: committed. */
  readonly at: 'statement' | 'commit' | 'answer'
  readonly error: Error
  /** Only a statement of this kind, on this table. */
  readonly on?: SeenStatement
  /** How many transactions it happens to. (Default: 1) */
  readonly times?: number
  /** Awaited before the error is thrown: a test decides when. */
  readonly when?: Promise<void> | (() => Promise<void>)
}

/** A wall that can break: passes everything on to another database, except for the faults that a test asks for. */
export class FaultyDatabase implements Database {
  readonly #database: Database
  #faults: { readonly fault: Fault; left: number }[] = []
  /** Statements of each transaction, in order. */
  readonly transactions: SeenStatement[][] = []
  readonly options: (TransactionOptions | undefined)[] = []
  /** Reads outside transactions wait for this. */
  readsWaitFor: Promise<void> | undefined
  /** Called before a read outside transactions, with the name of the table: what it throws is what the reader hears. */
  onRead: (table: string) => Promise<void> = async () => undefined
  /** Reads of stores outside transactions that have begun. Others, such as a look at the claims, come when their time comes. */
  readsBegun = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** Statements of the last transaction. */
  get last(): readonly SeenStatement[] {
    return this.transactions.at(-1) ?? []
  }

  fail(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1 })
  }

  async getMany(table: Table, keys: KeySet): Promise<Row[]> {
    this.#count(table)
    await this.readsWaitFor
    await this.onRead(table.name)
    return this.#database.getMany(table, keys)
  }

  async range(table: Table, range: KeyRange): Promise<Row[]> {
    this.#count(table)
    await this.readsWaitFor
    await this.onRead(table.name)
    return this.#database.range(table, range)
  }

  migrate<T>(
    tables: readonly TableToMigrate[],
    then: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#database.migrate(tables, then)
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    const fault = this.#next()
    const seen: SeenStatement[] = []
    this.transactions.push(seen)
    this.options.push(options)
    const result = await this.#database.transaction(async (transaction) => {
      const done = await work(watched(transaction, seen, fault))
      if (fault?.at === 'commit') await thrown(fault)
      return done
    }, options)
    if (fault?.at === 'answer') await thrown(fault)
    return result
  }

  dropTable(table: Table): Promise<void> {
    return this.#database.dropTable(table)
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  #count({ name }: Table): void {
    if (!SYSTEM_TABLES.some((table) => table.name === name)) this.readsBegun++
  }

  #next(): Fault | undefined {
    const [first] = this.#faults
    if (!first) return undefined
    if (--first.left === 0) this.#faults = this.#faults.slice(1)
    return first.fault
  }
}

async function thrown(fault: Fault): Promise<never> {
  await (typeof fault.when === 'function' ? fault.when() : fault.when)
  throw fault.error
}

function watched(
  transaction: Transaction,
  seen: SeenStatement[],
  fault: Fault | undefined,
): Transaction {
  return wrapTransaction(transaction, (method, run) => (...args) => {
    const [{ name: table }] = args
    seen.push({ method, table })
    const { on } = fault ?? {}
    const isHit = on === undefined || (on.method === method && on.table === table)
    return fault?.at === 'statement' && isHit ? thrown(fault) : run(...args)
  })
}
