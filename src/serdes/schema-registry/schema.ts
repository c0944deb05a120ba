/** The languages in which schemas are written. */
export type SchemaKind = 'avro' | 'protobuf' | 'json'

/** A schema that values can be written and read with. */
export interface Schema {
  readonly kind: SchemaKind
  /** The full name of what it describes, where it has one. */
  readonly recordName: string | undefined
  /** Whether `SchemaRegistry` of the library can register it. */
  readonly isRegistrable: boolean
  /** Everything behind the schema's id. @throws TypeError naming the path of what does not fit. */
  write(value: unknown): Uint8Array
  /**
   * A value that was written with this schema.
   * @param as What it is to be read as, where that differs (Avro).
   * @throws Error of any class when the bytes are not what this schema writes.
   */
  read(payload: Buffer, as: Schema | undefined): unknown
}

/** The complaints about a value that does not fit, none with its content. */
export function misfit(complaints: readonly string[]): TypeError {
  const shown = complaints.slice(0, COMPLAINTS_MAX)
  const left = complaints.length - shown.length
  return new TypeError(shown.join('; ') + (left > 0 ? `; and ${left} more` : ''))
}

const COMPLAINTS_MAX = 5
