import { SchemaRegistry, type COMPATIBILITY } from '@kafkajs/confluent-schema-registry'
import type {
  ConfluentSchema,
  SchemaReference,
  SchemaRegistryAPIClientOptions,
} from '@kafkajs/confluent-schema-registry/dist/@types.js'
import { SchemaIncompatibleError } from '../../errors/registry-errors.ts'
import { fromLibrary, LIBRARY_TYPES } from './parse-schema.ts'
import { reasonOf, registryFailure, RequestTimeout, statusOf } from './registry-failure.ts'
import type { Schema, SchemaKind } from './schema.ts'

/** How the registry is reached; the library's own arguments. */
export type RegistryConnection = ConstructorParameters<typeof SchemaRegistry>[0]

/** A level at which a subject's schemas are compatible. */
export type Compatibility = keyof typeof COMPATIBILITY

/** A schema of one's own. */
export interface OwnSchema {
  readonly subject: string
  readonly kind: SchemaKind
  readonly text: string
  readonly references: readonly SchemaReference[]
}

/** A request without an answer for this long has failed: the library would wait for ever. A guess. */
const REQUEST_MS_MAX = 10_000

/** The requests that serdes make. None is repeated here. */
export class RegistryClient {
  readonly url: string
  readonly #library: SchemaRegistry

  constructor(connection: RegistryConnection, options: SchemaRegistryAPIClientOptions) {
    this.url = connection.host
    this.#library = new SchemaRegistry(connection, options)
  }

  /** The schema of an id; a reason why it cannot be used, when there is none or the library cannot parse it. */
  async find(id: number): Promise<Schema | string> {
    try {
      const found = await inTime(this.#library.getSchema(id))
      return fromLibrary(this.#library.cache.getSchema(id)!.type, found)
    } catch (error) {
      const status = statusOf(error)
      if (status === 404) return `schema ${id} is not in the registry ${this.url}`
      if (status === undefined && !(error instanceof RequestTimeout))
        return `schema ${id} cannot be used: ${reasonOf(error)}`
      throw registryFailure(this.url, `schema ${id}`, error)
    }
  }

  /** The id of the subject's newest schema; `undefined` without one. */
  latest(subject: string): Promise<number | undefined> {
    return this.#orMissing(subject, this.#library.getLatestSchemaId(subject))
  }

  /** The id of one's own schema, when the subject has it. */
  lookUp(own: OwnSchema): Promise<number | undefined> {
    return this.#orMissing(
      own.subject,
      this.#library.getRegistryIdBySchema(own.subject, toLibrary(own)),
    )
  }

  /**
   * Registers a schema, and answers its id.
   * @param level For a subject that is new; where it has another one, that is refused. Without it, the level is the registry's business.
   * @throws SchemaIncompatibleError `SCHEMA_INCOMPATIBLE`, RegistryUnreachableError `REGISTRY_UNREACHABLE`,
   *   RegistryRefusedError `REGISTRY_REFUSED`.
   */
  async register(own: OwnSchema, level: Compatibility | undefined): Promise<number> {
    try {
      return await this.#register(own, level)
    } catch (error) {
      if (statusOf(error) === 409)
        throw new SchemaIncompatibleError(own.subject, reasonOf(error), { cause: error })
      throw registryFailure(this.url, `the schema of subject ${own.subject}`, error)
    }
  }

  /** The library wants to be told the level that a subject has, and says it when it was not. */
  async #register(own: OwnSchema, level: Compatibility | undefined): Promise<number> {
    const register = async (compatibility: string | undefined) => {
      const options = { subject: own.subject, compatibility: compatibility as COMPATIBILITY }
      const { id } = await inTime(this.#library.register(toLibrary(own), options))
      return id
    }
    try {
      return await register(level)
    } catch (error) {
      const found = level === undefined && /\(undefined != (\w+)\)/.exec(reasonOf(error))?.[1]
      if (!found) throw error
      return register(found)
    }
  }

  async #orMissing(subject: string, request: Promise<number>): Promise<number | undefined> {
    try {
      return await inTime(request)
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      throw registryFailure(this.url, `a schema of subject ${subject}`, error)
    }
  }
}

function toLibrary({ kind, text, references }: OwnSchema): ConfluentSchema {
  const withReferences = references.length > 0 ? { references: [...references] } : {}
  return { type: LIBRARY_TYPES[kind], schema: text, ...withReferences }
}

/** @throws RequestTimeout */
async function inTime<T>(request: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RequestTimeout(REQUEST_MS_MAX)), REQUEST_MS_MAX)
  })
  return Promise.race([request, late]).finally(() => clearTimeout(timer))
}
