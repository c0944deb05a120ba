import { Socket } from 'node:net'
import pg from 'pg'
import { DatabaseUnreachableError } from '../../errors/database-errors.ts'
import { gatherWrites } from '../../network/gather-writes.ts'
import type { Logger } from '../../telemetry/logger.ts'
import { Session } from './session.ts'

/**
 * How to reach the server: a URL with anything else that `pg.Pool` takes, or a pool that the application made and closes.
 * Statements are pipelined where `pg` can; a pooler that cannot take that (Supavisor) needs `pipeline: false`.
 */
export type PostgresOptions =
  | ({ readonly url: string; readonly pool?: never } & Omit<pg.PoolConfig, 'connectionString'>)
  | { readonly pool: pg.Pool; readonly url?: never }

/**
 * What a pool of ours starts from. Few connections: one commits, the others read. `pg` would wait for ever to connect;
 * keep-alive finds out about servers that vanished without a word.
 */
const DEFAULTS: pg.PoolConfig = {
  max: 10,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  pipeline: true,
  application_name: 'rowstream',
  stream: () => gatherWrites(new Socket()),
}

/** Hands out sessions; owns the pool unless the application handed it in. */
export class SessionPool {
  readonly #pool: pg.Pool
  readonly #isOurs: boolean
  readonly #onError: (error: Error) => void
  #closing: Promise<void> | undefined

  constructor(options: PostgresOptions, logger: Logger) {
    this.#isOurs = options.pool === undefined
    this.#pool = options.pool ?? createPool(options)
    this.#onError = (error) => logger.warn('an idle database connection broke', { error })
    // The pool has thrown the connection away already; but an unheard 'error' ends the process.
    this.#pool.on('error', this.#onError)
    this.#pool.on('connect', hear)
  }

  /** @throws DatabaseUnreachableError `DATABASE_UNREACHABLE` */
  async acquire(): Promise<Session> {
    if (this.#closing) throw this.unreachable(new TypeError('it was closed'))
    try {
      return new Session(await this.#pool.connect())
    } catch (error) {
      throw this.unreachable(error)
    }
  }

  /** Runs `work` with a session that goes back afterwards. */
  async use<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.acquire()
    try {
      return await work(session)
    } catch (error) {
      throw session.lost ? this.unreachable(error) : error
    } finally {
      session.release()
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    if (this.#isOurs) await this.#pool.end()
    else this.#pool.off('error', this.#onError).off('connect', hear)
  }

  /** What to say instead of a failure that came with the loss of the connection. */
  unreachable(cause: unknown): DatabaseUnreachableError {
    return new DatabaseUnreachableError(nameOf(this.#pool.options), reasonOf(cause), { cause })
  }
}

/**
 * Has a new connection's failures heard from the start: one that arrives in one packet with the end of the handshake finds nobody
 * listening yet. Once for each connection, however many share an application's pool.
 */
function hear(client: pg.PoolClient): void {
  if (!client.listeners('error').includes(ignore)) client.on('error', ignore)
}

const ignore = (): void => undefined

function createPool({ url, ...config }: PostgresOptions & { url: string }): pg.Pool {
  return new pg.Pool({ ...DEFAULTS, ...config, connectionString: url })
}

/** Where the server is, without the password. */
function nameOf({ connectionString, host, port, database }: pg.PoolConfig): string {
  if (!connectionString || !URL.canParse(connectionString)) {
    return `${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`
  }
  const url = new URL(connectionString)
  return `${url.host}${url.pathname}`
}

/** What the server or the system says: a database that does not exist is no server that is down. */
function reasonOf(cause: unknown): string {
  // A name with several addresses fails with one error for each, and no message of its own.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error ? first.message : String(first)
}
