import { SerializationError } from '../../errors/record-errors.ts'
import type { Cell } from '../../model/cell.ts'
import { bytesSerde } from '../bytes-serde.ts'
import type { ColumnCodec, Patiently, Serde, SerdeUse } from '../serde.ts'
import { findWritten, type SchemaWriterParts, type WrittenSchema } from './schema-writer.ts'
import type { Schema } from './schema.ts'
import { frame, unframe } from './wire-format.ts'

/** What a serde of a registry works with. */
export interface RegistrySerdeParts extends SchemaWriterParts {
  /** What values are read as; what they were written with, unless given. */
  readonly reader: Schema | undefined
}

/** Values in Confluent's format, by the schemas of a registry; in a bytes column, which keeps the same bytes. */
export class RegistrySerde<T> implements Serde<T> {
  readonly name: string
  readonly column: ColumnCodec<T>
  readonly #parts: RegistrySerdeParts
  #patiently: Patiently = (work) => work()
  #written: WrittenSchema | undefined
  #finding: Promise<WrittenSchema> | undefined

  constructor(parts: RegistrySerdeParts) {
    this.#parts = parts
    this.name = parts.options.type
    this.column = Object.freeze({
      type: 'bytes',
      toCell: (value: T) => this.#toCell(value),
      fromCell: (cell: Cell) => this.deserialize(bytesSerde.column.fromCell(cell)),
    })
  }

  async prepare({ isWritten, patiently }: SerdeUse): Promise<void> {
    this.#patiently = patiently ?? this.#patiently
    if (!isWritten || this.#written) return
    this.#finding ??= this.#patiently(() => findWritten(this.#parts))
    try {
      this.#written = await this.#finding
    } finally {
      this.#finding = undefined
    }
  }

  serialize(value: T): Uint8Array {
    if (!this.#written)
      throw new TypeError(
        'the schema is not known before Streams.start, or prepare(), has resolved',
      )
    const { id, schema } = this.#written
    return frame(id, schema.write(value))
  }

  deserialize(bytes: Uint8Array): T {
    const { cache, options, reader } = this.#parts
    const { id, payload } = unframe(bytes)
    const schema = cache.get(id, this.#patiently)
    if (schema.kind !== options.type)
      throw new TypeError(`schema ${id} is one of ${schema.kind}, not ${options.type}`)
    return schema.read(payload, reader) as T
  }

  #toCell(value: T): Cell {
    try {
      return this.serialize(value)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new SerializationError(`a value of ${this.name}`, reason, { cause })
    }
  }
}
