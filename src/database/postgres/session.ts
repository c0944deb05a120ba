import type pg from 'pg'
import { WIRE_TYPES, type WireRow } from './codec/row-decoder.ts'
import { breaksConnection } from './server-failure.ts'
import type { Statement } from './statement.ts'

/** What the server answered. */
export interface Answer {
  readonly command: string
  readonly rowCount: number
  readonly rows: WireRow[]
}

/** How much longer than the server's own `statement_timeout` we wait: then the network has swallowed the answer. A guess. */
const ANSWER_GRACE_MS = 5_000

/** One connection, taken out of the pool until {@link release}. */
export class Session {
  readonly #client: pg.PoolClient
  #lost: Error | undefined
  #isUnclean = false
  #last: Promise<unknown> = Promise.resolve()
  #answerTimeoutMs = 0
  readonly #onError = (error: Error) => {
    this.#lost ??= error
  }

  constructor(client: pg.PoolClient) {
    this.#client = client
    // Out of the pool nobody else listens, and an unheard 'error' ends the process.
    client.on('error', this.#onError)
  }

  /** Why the connection is of no use any more. */
  get lost(): Error | undefined {
    return this.#lost
  }

  /** Fails statements sent from now on when no answer comes, which the server would have given within this time. */
  expectAnswersWithin(statementTimeoutMs: number): void {
    this.#answerTimeoutMs = statementTimeoutMs + ANSWER_GRACE_MS
  }

  /** Sends a statement after all earlier ones; without awaiting their answers where the client can pipeline. */
  send(statement: Pick<Statement, 'text'> & Partial<Statement>): Promise<Answer> {
    // A queue inside a client that cannot pipeline is deprecated, and adds nothing.
    const answer = this.#client.pipeline
      ? this.#query(statement)
      : this.#last.then(() => this.#query(statement))
    this.#last = answer.catch(() => undefined)
    return answer
  }

  /** Resolves when every statement sent so far was answered, well or badly. */
  async settled(): Promise<void> {
    await this.#last
  }

  /** Has the connection closed on {@link release}, since a transaction may still be open on it. */
  discard(): void {
    this.#isUnclean = true
  }

  /** Gives the connection back to the pool, or closes it if it is broken. */
  release(): void {
    this.#client.release(this.#lost ?? this.#isUnclean)
    this.#client.off('error', this.#onError)
  }

  async #query({
    text,
    values = [],
  }: Partial<Statement> & Pick<Statement, 'text'>): Promise<Answer> {
    const query = {
      text,
      values: values as unknown[],
      rowMode: 'array' as const,
      types: WIRE_TYPES as unknown as pg.CustomTypesConfig,
      query_timeout: this.#answerTimeoutMs,
    }
    try {
      const { command, rowCount, rows } = await this.#client.query<WireRow>(query)
      return { command, rowCount: rowCount ?? 0, rows }
    } catch (error) {
      if (breaksConnection(error)) this.#lost ??= error as Error
      throw error
    }
  }
}
