import { afterAll, describe } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import pg from 'pg'

/** The server of these tests, when there is one. */
export const DATABASE_URL = process.env['DATABASE_URL']

/** Runs with a real server, or is skipped and says why. */
export function describePostgres(name: string, body: (server: PostgresServer) => void): void {
  const url = DATABASE_URL
  if (!url) {
    describe.skip(`${name} (skipped: DATABASE_URL is not set)`, () => body(new PostgresServer('')))
    return
  }
  describe(name, () => {
    const server = new PostgresServer(url)
    afterAll(() => server.clean())
    body(server)
  })
}

/** A server with schemas of this file alone. */
export class PostgresServer {
  readonly url: string
  readonly #prefix = randomBytes(4).toString('hex')
  #admin: pg.Pool | undefined

  constructor(url: string) {
    this.url = url
  }

  /** Other files may use the same name. */
  schema(name: string): string {
    return `${this.#prefix}_${name}`
  }

  /** A connection beside those of the adapter. */
  get admin(): pg.Pool {
    this.#admin ??= new pg.Pool({ connectionString: this.url, max: 2 })
    return this.#admin
  }

  async clean(): Promise<void> {
    const { rows } = await this.admin.query<{ name: string }>(
      `select quote_ident(nspname) as name from pg_namespace where starts_with(nspname, $1)`,
      [this.#prefix],
    )
    for (const { name } of rows) await this.admin.query(`drop schema ${name} cascade`)
    await this.admin.end()
  }
}
