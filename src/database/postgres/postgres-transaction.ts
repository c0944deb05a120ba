import { CommitUnknownError, TransactionRolledBackError } from '../../errors/database-errors.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { Row, Table } from '../table.ts'
import type {
  ConditionalUpdate,
  KeyRange,
  KeySet,
  Transaction,
  TransactionOptions,
} from '../transaction.ts'
import { beginText } from './begin.ts'
import { decodeRows } from './codec/row-decoder.ts'
import { compileDeleteMany, compileDeleteRange } from './compile/delete.ts'
import { compileInsertMissing, compileUpsert } from './compile/insert.ts'
import { compileGetMany, compileRange } from './compile/select.ts'
import { compileUpdateWhere } from './compile/update-where.ts'
import { qualified, quote } from './identifiers.ts'
import { breaksConnection, isIdleTimeout, toStatementError } from './server-failure.ts'
import type { Answer, Session } from './session.ts'
import type { Statement } from './statement.ts'

/**
 * One transaction on one session: `begin`, statements, then `commit` or `rollback`.
 * The first failure decides: every later statement and COMMIT fail with that same error.
 */
export class PostgresTransaction implements Transaction {
  readonly #session: Session
  readonly #schema: string
  /** Written by whichever statement fails first. */
  #failure: StreamsError | undefined
  #isOver = false

  constructor(session: Session, schema: string) {
    this.#session = session
    this.#schema = schema
  }

  /** Sends BEGIN without awaiting the answer: the first statement goes with it. */
  begin(options: TransactionOptions): void {
    const text = beginText(options)
    if (options.statementTimeoutMs) this.#session.expectAnswersWithin(options.statementTimeoutMs)
    this.run('begin', () => ({ text, values: [], table: 'begin' })).catch(() => undefined)
  }

  async getMany(table: Table, keys: KeySet, { lock = false } = {}): Promise<Row[]> {
    if (keys.keys.length === 0) return []
    const { rows } = await this.run(table.name, () =>
      compileGetMany(this.#schema, table, keys, lock),
    )
    return decodeRows(table, rows)
  }

  async range(table: Table, range: KeyRange): Promise<Row[]> {
    const { rows } = await this.run(table.name, () => compileRange(this.#schema, table, range))
    return decodeRows(table, rows)
  }

  async upsertMany(table: Table, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return
    await this.run(table.name, () => compileUpsert(this.#schema, table, rows))
  }

  async insertMissing(table: Table, rows: readonly Row[]): Promise<number> {
    if (rows.length === 0) return 0
    return (await this.run(table.name, () => compileInsertMissing(this.#schema, table, rows)))
      .rowCount
  }

  async deleteMany(table: Table, keys: KeySet): Promise<number> {
    if (keys.keys.length === 0) return 0
    return (await this.run(table.name, () => compileDeleteMany(this.#schema, table, keys))).rowCount
  }

  async deleteRange(table: Table, range: KeyRange): Promise<number> {
    return (await this.run(table.name, () => compileDeleteRange(this.#schema, table, range)))
      .rowCount
  }

  async updateWhere(table: Table, updates: readonly ConditionalUpdate[]): Promise<number> {
    const [first, ...others] = updates
    if (!first) return 0
    return (
      await this.run(table.name, () => compileUpdateWhere(this.#schema, table, [first, ...others]))
    ).rowCount
  }

  async renameTable(table: Table, name: string): Promise<void> {
    const text = `alter table ${qualified(this.#schema, table.name)} rename to ${quote(name)}`
    await this.run(table.name, () => ({ text, values: [], table: table.name }))
  }

  /** Runs any statement; `migrate` has its own. */
  async run(table: string, compile: () => Statement): Promise<Answer> {
    if (this.#isOver) throw new TypeError('the transaction is over')
    if (this.#failure) throw this.#failure
    try {
      return await this.#session.send(compile())
    } catch (failure) {
      // Whoever failed first says why; those behind it only hear that the transaction is aborted.
      this.#failure ??= toStatementError(failure, table)
      throw this.#failure
    }
  }

  /**
   * @throws TransactionRolledBackError `TRANSACTION_ROLLED_BACK`
   * @throws CommitUnknownError `COMMIT_UNKNOWN`
   */
  async commit(): Promise<void> {
    // Nothing may be in flight: only then is a connection that breaks from here on broken after COMMIT was sent.
    await this.#session.settled()
    if (this.#failure) throw this.#failure
    if (this.#session.lost) throw toStatementError(this.#session.lost, 'commit')
    this.#isOver = true
    const { command } = await this.#session.send({ text: 'commit' }).catch((failure: unknown) => {
      throw toCommitError(failure)
    })
    // What PostgreSQL answers to the COMMIT of a transaction that a failed statement has aborted.
    if (command !== 'COMMIT')
      throw new TransactionRolledBackError(`COMMIT was answered by ${command}`)
  }

  /** Never fails: a connection that cannot roll back is closed, which rolls back as well. */
  async rollback(): Promise<void> {
    this.#isOver = true
    await this.#session.settled()
    if (this.#session.lost) return
    await this.#session.send({ text: 'rollback' }).catch(() => this.#session.discard())
  }
}

function toCommitError(failure: unknown): StreamsError {
  if (!breaksConnection(failure) || isIdleTimeout(failure))
    return toStatementError(failure, 'commit')
  return new CommitUnknownError({ cause: failure })
}
