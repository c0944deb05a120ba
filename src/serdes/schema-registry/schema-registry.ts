import type {
  ProtocolOptions,
  SchemaRegistryAPIClientOptions,
} from '@kafkajs/confluent-schema-registry/dist/@types.js'
import { reasonOf } from './registry-failure.ts'
import { parseSchema } from './parse-schema.ts'
import { RegistryClient, type RegistryConnection } from './registry-client.ts'
import { RegistrySerde } from './registry-serde.ts'
import { SchemaCache } from './schema-cache.ts'
import type { Schema, SchemaKind } from './schema.ts'
import type { RegistrySerdeOptions } from './serde-options.ts'
import type { Serde } from '../serde.ts'

/** How a registry is reached (`host`, `auth`, `agent`, `retry`, …), and the library's options for each kind of schema. */
export type SchemaRegistryOptions = RegistryConnection & {
  /** Such as `{ JSON: { ajvInstance } }` or `{ AVRO: { logicalTypes } }`. */
  readonly options?: ProtocolOptions
}

/** The serdes of a schema registry; made by {@link schemaRegistry}. */
export class SchemaRegistrySerdes {
  readonly #options: SchemaRegistryOptions
  /** By the message that the library is to take for a file's own. */
  readonly #connections = new Map<string | undefined, Connection>()

  constructor(options: SchemaRegistryOptions) {
    this.#options = options
  }

  /**
   * A serde whose bytes are those of Confluent's serializers: magic byte, id of the schema, value. `T` is a promise of the caller.
   *
   * What is written is found, or registered, when the application starts: a schema that is incompatible fails the start. What is
   * read may have been written with any schema of the same kind; each is fetched once, and only records of its partition wait.
   * Null is never written by a serde. Keys are equal when their bytes are, the schema's id among them: a key whose schema changes is
   * another key, as for every Kafka client.
   *
   * @throws TypeError when the schema cannot be parsed.
   *
   * @example
   * ```ts
   * const registry = schemaRegistry({ host: 'http://localhost:8081' })
   * const order = registry.serde<Order>({
   *   type: 'avro',
   *   subject: topicName('orders', 'value'),
   *   schema: { type: 'record', name: 'Order', fields: [{ name: 'customer', type: 'string' }] },
   * })
   * builder.stream('orders', { key: serdes.string, value: order }).to('paid', { value: order })
   * ```
   */
  serde<T>(options: RegistrySerdeOptions): Serde<T> {
    const { client, cache, library } = this.#connection(options)
    const text = options.schema === undefined ? undefined : textOf(options.schema)
    const isWhole = (options.references ?? []).length === 0
    const own = text !== undefined && isWhole ? parse(options.type, text, library) : undefined
    return new RegistrySerde<T>({
      client,
      cache,
      options,
      text,
      own,
      reader: readerOf(options, own, library),
    })
  }

  #connection(options: RegistrySerdeOptions): Connection {
    const message = options.type === 'protobuf' ? options.message : undefined
    const known = this.#connections.get(message)
    if (known) return known
    const { options: library = {}, ...connection } = this.#options
    const forMessage = message
      ? { ...library, PROTOBUF: { ...library.PROTOBUF, messageName: message } }
      : library
    const client = new RegistryClient(connection, forMessage)
    const made = { client, cache: new SchemaCache(client), library: forMessage }
    this.#connections.set(message, made)
    return made
  }
}

/** What serdes of one message share: a schema is fetched once for all of them. */
interface Connection {
  readonly client: RegistryClient
  readonly cache: SchemaCache
  readonly library: SchemaRegistryAPIClientOptions
}

/**
 * Serdes for Avro, Protobuf and JSON Schema by a schema registry with Confluent's API (Confluent's own, Apicurio's under
 * `/apis/ccompat/v7`, Karapace). Needs `@kafkajs/confluent-schema-registry` 3.9, or 4 with Node.js 22.
 *
 * @example
 * ```ts
 * const registry = schemaRegistry({ host: 'https://registry:8081', auth: { username, password } })
 * ```
 */
export function schemaRegistry(options: SchemaRegistryOptions): SchemaRegistrySerdes {
  return new SchemaRegistrySerdes(options)
}

function readerOf(
  options: RegistrySerdeOptions,
  own: Schema | undefined,
  library: SchemaRegistryAPIClientOptions,
): Schema | undefined {
  if (options.type !== 'avro') return undefined
  if (options.readerSchema === undefined) return own
  return parse('avro', textOf(options.readerSchema), library)
}

function textOf(schema: object | string): string {
  return typeof schema === 'string' ? schema : JSON.stringify(schema)
}

function parse(kind: SchemaKind, text: string, library: SchemaRegistryAPIClientOptions): Schema {
  try {
    return parseSchema(kind, text, library)
  } catch (cause) {
    throw new TypeError(`the schema is not one of ${kind}: ${reasonOf(cause)}`, { cause })
  }
}
