// Avro, Protobuf and JSON Schema, as one subpath of the package: `rowstream/schema-registry`.
export {
  schemaRegistry,
  type SchemaRegistryOptions,
  type SchemaRegistrySerdes,
} from './schema-registry.ts'
export type { Compatibility, RegistryConnection } from './registry-client.ts'
export type {
  AnySerdeOptions,
  AvroSerdeOptions,
  JsonSerdeOptions,
  ProtobufSerdeOptions,
  RegistrySerdeOptions,
} from './serde-options.ts'
export { recordName, topicName, topicRecordName, type Subject } from './subject.ts'
