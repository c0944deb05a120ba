import type { Schema as JsonValidator } from '@kafkajs/confluent-schema-registry/dist/@types.js'
import { misfit, type Schema } from './schema.ts'

/** A schema of JSON Schema, as Ajv has it. Values are checked against it both ways. */
export class JsonSchema implements Schema {
  readonly kind = 'json'
  readonly isRegistrable = true
  /** Its title, as for Confluent. */
  readonly recordName: string | undefined
  readonly #validator: JsonValidator

  constructor(validator: JsonValidator, recordName: string | undefined) {
    this.#validator = validator
    this.recordName = recordName
  }

  write(value: unknown): Uint8Array {
    this.#check(value)
    return Buffer.from(JSON.stringify(value), 'utf8')
  }

  read(payload: Buffer): unknown {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    this.#check(value)
    return value
  }

  #check(value: unknown): void {
    const complaints: string[] = []
    const errorHook = ([path = '']: readonly string[], message: unknown) => {
      const place = path === '' ? 'the value' : path.slice(1).replaceAll('/', '.')
      complaints.push(`${place}: ${String(message)}`)
    }
    if (!this.#validator.isValid(value as object, { errorHook })) throw misfit(complaints)
  }
}
