import { SchemaPendingError } from '../../errors/registry-errors.ts'
import type { Patiently } from '../serde.ts'
import type { RegistryClient } from './registry-client.ts'
import type { Schema } from './schema.ts'

/** A schema, or why there is none. */
type Found = Schema | string

/** That there is no schema of an id is believed this long: it may be registered yet, but not be asked for with each record. */
const MISSING_MS = 10_000

/** Schemas by their ids. One that was found stays; however many wait for one, it is asked for once. */
export class SchemaCache {
  readonly #client: RegistryClient
  readonly #found = new Map<number, Found>()
  readonly #requests = new Map<number, Promise<Found>>()

  constructor(client: RegistryClient) {
    this.#client = client
  }

  add(id: number, schema: Schema): void {
    this.#found.set(id, schema)
  }

  /**
   * The schema of an id, at once.
   * @throws SchemaPendingError `SCHEMA_PENDING` when it is being fetched, TypeError when there is none that can be used.
   */
  get(id: number, patiently: Patiently): Schema {
    const found = this.#found.get(id)
    if (typeof found === 'string') throw new TypeError(found)
    if (found) return found
    // It fails to whoever waits for it.
    this.#fetch(id).catch(() => undefined)
    throw new SchemaPendingError(id, async () => {
      await patiently(() => this.#fetch(id))
    })
  }

  /** As {@link get}, when it is here. */
  async load(id: number): Promise<Schema> {
    const found = this.#found.get(id) ?? (await this.#fetch(id))
    if (typeof found === 'string') throw new TypeError(found)
    return found
  }

  #fetch(id: number): Promise<Found> {
    const known = this.#requests.get(id)
    if (known) return known
    const request = this.#ask(id).finally(() => this.#requests.delete(id))
    this.#requests.set(id, request)
    return request
  }

  async #ask(id: number): Promise<Found> {
    const found = await this.#client.find(id)
    this.#found.set(id, found)
    if (typeof found === 'string') setTimeout(() => this.#found.delete(id), MISSING_MS).unref()
    return found
  }
}
