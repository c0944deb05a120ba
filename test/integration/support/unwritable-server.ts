import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { postgresOwner } from '../../../scripts/servers/postgres-binaries.mjs'
import { startPostgres, type Postgres } from '../../../scripts/servers/postgres.mjs'

const WAL_SEGMENT_MB = 1
/** More than a file of the write-ahead log takes, for want of which the server would go down instead of refusing writes. */
const FILE_BYTES_MAX = 2 * 1024 * 1024

/** A PostgreSQL of its own that can be told to take no more writes. */
export class UnwritableServer {
  readonly #server: Postgres

  private constructor(server: Postgres) {
    this.#server = server
  }

  static async start(): Promise<UnwritableServer> {
    const server = await startPostgres({
      ...{ fsync: false, walSegmentMb: WAL_SEGMENT_MB },
      // Its workers come and go.
      settings: { autovacuum: false, max_parallel_workers: 0 },
    })
    return new UnwritableServer(server)
  }

  get url(): string {
    return this.#server.url
  }

  /** No file of it grows beyond {@link FILE_BYTES_MAX}, as by `ulimit -f`; or as far as it wants. */
  async fillDisk(isFull: boolean): Promise<void> {
    const limit = isFull ? String(FILE_BYTES_MAX) : 'unlimited'
    // The postmaster first: sessions inherit from it that begin after those there are were listed.
    limitFiles(String(this.#server.pid), limit)
    for (const session of this.#sessions()) limitFiles(session, limit)
  }

  /** Every transaction that begins from now on may only read, or write again. */
  async setReadOnly(isReadOnly: boolean): Promise<void> {
    const client = new pg.Client({ connectionString: this.url })
    await client.connect()
    await client.query(
      `alter system set default_transaction_read_only = ${isReadOnly ? 'on' : 'off'}`,
    )
    await client.query('select pg_reload_conf()')
    await client.end()
  }

  stop(): Promise<void> {
    return this.#server.stop()
  }

  #sessions(): string[] {
    const { pid } = this.#server
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children.split(' ').filter((child) => child !== '')
  }
}

/** Limits the size of files that a process writes, unless it has ended meanwhile. */
function limitFiles(pid: string, limit: string): void {
  // Only its own user may do so without a capability.
  const owner = { ...postgresOwner(), cwd: '/', stdio: 'ignore' as const }
  try {
    execFileSync('prlimit', ['--pid', pid, `--fsize=${limit}:`], owner)
  } catch (error) {
    if (existsSync(`/proc/${pid}`)) throw error
  }
}
