import { SchemaType } from '@kafkajs/confluent-schema-registry'
import type {
  AvroSchema as AvroType,
  Schema as LibrarySchema,
  SchemaRegistryAPIClientOptions,
} from '@kafkajs/confluent-schema-registry/dist/@types.js'
import { schemaFromConfluentSchema } from '@kafkajs/confluent-schema-registry/dist/schemaTypeResolver.js'
import { AvroSchema } from './avro-schema.ts'
import { JsonSchema } from './json-schema.ts'
import { ProtobufSchema, type ProtobufMessage } from './protobuf-schema.ts'
import type { Schema, SchemaKind } from './schema.ts'

/** The library's names of the kinds. */
export const LIBRARY_TYPES = {
  avro: SchemaType.AVRO,
  protobuf: SchemaType.PROTOBUF,
  json: SchemaType.JSON,
} as const satisfies Record<SchemaKind, SchemaType>

/** A schema out of its text, without the registry. @throws Error of the library when it is none. */
export function parseSchema(
  kind: SchemaKind,
  text: string,
  options: SchemaRegistryAPIClientOptions,
): Schema {
  const parsed = schemaFromConfluentSchema({ type: LIBRARY_TYPES[kind], schema: text }, options)
  if (kind !== 'json') return fromLibrary(LIBRARY_TYPES[kind], parsed)
  const { title } = JSON.parse(text) as { title?: string }
  return new JsonSchema(parsed, title)
}

/** A schema as the library has it. @throws TypeError for a language that it does not know. */
export function fromLibrary(type: SchemaType, schema: LibrarySchema | AvroType): Schema {
  switch (type) {
    case SchemaType.AVRO:
      return new AvroSchema(schema as AvroType)
    case SchemaType.PROTOBUF:
      // The library's class is not exported, and its field is private; both are there in 3.9 and 4.1.
      return new ProtobufSchema((schema as unknown as { message: ProtobufMessage }).message)
    case SchemaType.JSON:
      return new JsonSchema(schema, undefined)
    case SchemaType.UNKNOWN:
      throw new TypeError('the schema is in a language that the library does not know')
  }
}
