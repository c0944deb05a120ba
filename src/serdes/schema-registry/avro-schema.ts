import type { AvroSchema as AvroType } from '@kafkajs/confluent-schema-registry/dist/@types.js'
import { describeValue } from '../describe-value.ts'
import { misfit, type Schema } from './schema.ts'

type Resolver = ReturnType<AvroType['createResolver']>

/** A schema of Avro, as avsc has it. */
export class AvroSchema implements Schema {
  readonly kind = 'avro'
  readonly recordName: string | undefined
  readonly #type: AvroType
  /** How values of this schema become those of others. */
  readonly #resolvers = new Map<AvroSchema, Resolver>()

  constructor(type: AvroType) {
    this.#type = type
    this.recordName = type.name || undefined
  }

  /** The library refuses what has no name: `"string"`, arrays, unions. */
  get isRegistrable(): boolean {
    return this.recordName !== undefined
  }

  write(value: unknown): Uint8Array {
    try {
      return this.#type.toBuffer(value as object)
    } catch (cause) {
      const complaints = this.#complaints(value)
      throw complaints.length > 0 ? misfit(complaints) : cause
    }
  }

  read(payload: Buffer, as: Schema | undefined): unknown {
    if (!(as instanceof AvroSchema) || as === this) return this.#type.fromBuffer(payload)
    // Equal or not: logical types may differ, and with them what reading gives.
    return as.#type.fromBuffer(payload, this.#resolverTo(as))
  }

  #resolverTo(reader: AvroSchema): Resolver {
    const known = this.#resolvers.get(reader)
    if (known) return known
    const resolver = reader.#type.createResolver(this.#type as never)
    this.#resolvers.set(reader, resolver)
    return resolver
  }

  #complaints(value: unknown): string[] {
    const complaints: string[] = []
    const errorHook = (path: string[], wrong: unknown, type: AvroType) => {
      const place = path.length > 0 ? path.join('.') : 'the value'
      complaints.push(`${place}: ${describeValue(wrong)} where the schema has ${nameOf(type)}`)
    }
    this.#type.isValid(value as object, { errorHook })
    return complaints
  }
}

function nameOf(type: AvroType): string {
  const { name, typeName } = type as unknown as { name?: string; typeName: string }
  return name ?? typeName.replace(':unwrapped', '').replace(':wrapped', '')
}
