import {
  CommitUnknownError,
  DatabaseUnreachableError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import type { Database, DatabaseAdapter, TableToMigrate } from '../../../src/database/database.ts'
import { MemoryDatabase } from '../../../src/database/memory/memory-database.ts'
import type { MemorySchema } from '../../../src/database/memory/memory-schema.ts'
import type { Row, Table } from '../../../src/database/table.ts'
import type {
  KeyRange,
  KeySet,
  Transaction,
  TransactionOptions,
} from '../../../src/database/transaction.ts'
import type { Fate } from '../world/faults.ts'
import type { Line, Network } from '../world/network.ts'
import type { SimulatedProcess } from '../world/simulated-process.ts'
import { remoteTransaction } from './remote-transaction.ts'

/** A database of the simulated world, and how it is reached. */
export interface DatabaseSite {
  readonly schema: MemorySchema
  /** The process that it runs in. */
  readonly process: SimulatedProcess
  readonly network: Network
  /** Told after every COMMIT. */
  readonly onCommitted: () => void
}

/** The adapter that one process opens. */
export function simulatedDatabase(site: DatabaseSite, client: SimulatedProcess): DatabaseAdapter {
  return {
    name: 'simulated',
    open: async () => new SimulatedDatabase(site, client, new MemoryDatabase(site.schema)),
  }
}

/** The database in memory with a network in between: each statement, and COMMIT, is a call. */
class SimulatedDatabase implements Database {
  readonly #site: DatabaseSite
  readonly #inner: Database
  readonly #line: Line

  constructor(site: DatabaseSite, client: SimulatedProcess, inner: Database) {
    this.#site = site
    this.#inner = inner
    const failure = (call: string) => new DatabaseUnreachableError('simulated', call)
    this.#line = { client, server: site.process, failure }
  }

  getMany(table: Table, keys: KeySet): Promise<Row[]> {
    return this.#call('getMany', () => this.#inner.getMany(table, keys))
  }

  range(table: Table, range: KeyRange): Promise<Row[]> {
    return this.#call('range', () => this.#inner.range(table, range))
  }

  migrate<T>(
    tables: readonly TableToMigrate[],
    then: (transaction: Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#call('migrate', () =>
      this.#inner.migrate(tables, (transaction) => this.#asClient(() => then(transaction))),
    )
  }

  dropTable(table: Table): Promise<void> {
    return this.#call('dropTable', () => this.#inner.dropTable(table))
  }

  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { process, network } = this.#site
      const answer = network.stream(this.#line.client)
      void process.run(() =>
        this.#transact(work, options).then(
          (value) => answer(() => resolve(value)),
          (error: Error) => answer(() => reject(error)),
        ),
      )
    })
  }

  /** Runs as the server. */
  async #transact<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    const { network, process } = this.#site
    await network.wait(process)
    const { isUnknown, value } = await this.#inner.transaction(async (inner) => {
      const done = await this.#asClient(() => work(this.#remote(inner)))
      return this.#commit(done)
    }, options)
    this.#site.onCommitted()
    if (isUnknown) throw new CommitUnknownError()
    return value
  }

  /** COMMIT is on its way: whatever becomes of the client, it comes to what its fate says. */
  async #commit<T>(value: T): Promise<{ readonly isUnknown: boolean; readonly value: T }> {
    const { network, process } = this.#site
    const fate = network.fateOf(this.#line.client)
    await network.wait(process)
    if (fate === 'lost-request') throw new CommitUnknownError()
    if (isRefused(fate)) throw new TransactionRolledBackError('could not serialize access')
    return { isUnknown: fate === 'lost-answer', value }
  }

  /** The client's code inside a transaction. When the client dies its connection breaks. */
  #asClient<T>(work: () => Promise<T>): Promise<T> {
    const { client } = this.#line
    return new Promise<T>((resolve, reject) => {
      client.onDeath(() => reject(new TransactionRolledBackError('the client is gone')))
      client.take(() => void work().then(resolve, reject))
    })
  }

  #remote(inner: Transaction): Transaction {
    const failure = new TransactionRolledBackError('the connection broke')
    return remoteTransaction(inner, (name, effect) =>
      this.#site.network.call(this.#line, name, effect, { failure }),
    )
  }

  async close(): Promise<void> {
    await this.#site.network.wait(this.#line.client)
    await this.#inner.close()
  }

  #call<T>(name: string, effect: () => Promise<T>): Promise<T> {
    return this.#site.network.call(this.#line, name, effect)
  }
}

/** What would be repeated elsewhere is refused here, as a serialization failure; a client that died before COMMIT never sent it. */
function isRefused(fate: Fate): boolean {
  return fate === 'twice' || fate === 'crash-before'
}
