import { ConfigurationError } from '../../errors/configuration-error.ts'
import { SchemaMissingError } from '../../errors/registry-errors.ts'
import type { RegistryClient, OwnSchema } from './registry-client.ts'
import type { Schema } from './schema.ts'
import type { SchemaCache } from './schema-cache.ts'
import type { RegistrySerdeOptions } from './serde-options.ts'

/** What a schema writer works with. */
export interface SchemaWriterParts {
  readonly client: RegistryClient
  readonly cache: SchemaCache
  readonly options: RegistrySerdeOptions
  /** The text of the serde's own schema. */
  readonly text: string | undefined
  /** The same, parsed, where it could be without the registry. */
  readonly own: Schema | undefined
}

/** The schema that values are written with, and its id. */
export interface WrittenSchema {
  readonly id: number
  readonly schema: Schema
}

/**
 * Finds, or registers, the schema that a serde writes.
 * @throws ConfigurationError `CONFIGURATION_INVALID`, SchemaMissingError `SCHEMA_MISSING`, and what `RegistryClient.register` throws.
 */
export async function findWritten(parts: SchemaWriterParts): Promise<WrittenSchema> {
  const { cache, options, own } = parts
  const id = await findId(parts, subjectOf(parts))
  if (own && options.write !== 'latest') cache.add(id, own)
  return { id, schema: await cache.load(id) }
}

async function findId(parts: SchemaWriterParts, subject: string): Promise<number> {
  const { client, options, own } = parts
  switch (options.write ?? 'register') {
    case 'register':
      if (own?.isRegistrable === false) throw notRegistrable(subject)
      return client.register(ownSchema(parts, subject), options.compatibility)
    case 'registered':
      return found(subject, 'such schema', await client.lookUp(ownSchema(parts, subject)))
    case 'latest':
      return found(subject, 'schema', await client.latest(subject))
  }
}

function subjectOf({ options: { subject }, own }: SchemaWriterParts): string {
  if (typeof subject === 'string') return subject
  if (!subject)
    throw new ConfigurationError('a serde of the schema registry that is written with needs a subject') // prettier-ignore
  if (own?.recordName !== undefined) return subject(own.recordName)
  throw new ConfigurationError(
    'the subject depends on the name of the record, and the serde has no schema that names it (a JSON Schema: its title)',
  )
}

function ownSchema({ options, text }: SchemaWriterParts, subject: string): OwnSchema {
  if (text === undefined)
    throw new ConfigurationError(`the serde of subject ${subject} has no schema to write; give it one, or write: 'latest'`) // prettier-ignore
  return { subject, kind: options.type, text, references: options.references ?? [] }
}

function found(subject: string, what: string, id: number | undefined): number {
  if (id === undefined) throw new SchemaMissingError(subject, what)
  return id
}

function notRegistrable(subject: string): ConfigurationError {
  return new ConfigurationError(
    `the schema of subject ${subject} has no name, and the library registers only what has one; ` +
      "register it by other means, and use write: 'registered'",
  )
}
