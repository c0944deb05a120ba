import type { SchemaReference } from '@kafkajs/confluent-schema-registry/dist/@types.js'
import type { Compatibility } from './registry-client.ts'
import type { Subject } from './subject.ts'

/** What every serde of a registry is made of. */
export interface AnySerdeOptions {
  /** Where the schema that is written stands. Without one, values can only be read. */
  readonly subject?: Subject
  /** Other schemas that this one names; then it is parsed with them when it is in the registry, and not before. */
  readonly references?: readonly SchemaReference[]
  /**
   * Which schema is written. `register`: this one, registered at the start · `registered`: this one, which the subject must have ·
   * `latest`: the newest that the subject has at the start. (Default: `register`)
   */
  readonly write?: 'register' | 'registered' | 'latest'
  /** The level of a subject that is made by registering; registering is refused where it has another. (Default: the registry's) */
  readonly compatibility?: Compatibility
}

/** Values as Avro has them. */
export interface AvroSerdeOptions extends AnySerdeOptions {
  readonly type: 'avro'
  /** As an object, or as its text. */
  readonly schema?: object | string
  /** What values are read as, whatever they were written with: missing fields get their defaults. (Default: `schema`, else what they were written with) */
  readonly readerSchema?: object | string
}

/** Values as protobufjs has them: plain objects, with a `Long` for each integer of 64 bits. */
export interface ProtobufSerdeOptions extends AnySerdeOptions {
  readonly type: 'protobuf'
  /** The text of the file. */
  readonly schema?: string
  /** The message that is written, without its package: `Order`, `Order.Line`. (Default: the first of the file) */
  readonly message?: string
}

/** Values that JSON can hold, checked both ways. */
export interface JsonSerdeOptions extends AnySerdeOptions {
  readonly type: 'json'
  /** As an object, or as its text. */
  readonly schema?: object | string
}

/** What a serde of a registry is made of. */
export type RegistrySerdeOptions = AvroSerdeOptions | ProtobufSerdeOptions | JsonSerdeOptions
