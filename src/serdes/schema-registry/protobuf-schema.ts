import { decodeIndexes, encodeIndexes, type MessageIndexes } from './message-indexes.ts'
import { misfit, type Schema } from './schema.ts'

/** What is used of protobufjs' `Namespace`. */
interface ProtobufNamespace {
  readonly nestedArray: readonly object[]
}

/** What is used of protobufjs' `Type`. */
export interface ProtobufMessage extends ProtobufNamespace {
  readonly name: string
  readonly fullName: string
  readonly parent: ProtobufNamespace | null
  readonly fieldsArray: readonly object[]
  /** A group of proto2, which Confluent's indexes do not count. */
  readonly group?: boolean
  verify(value: unknown): string | null
  create(value: unknown): object
  encode(message: object): { finish(): Uint8Array }
  decode(bytes: Uint8Array): object
  toObject(message: object, options: { readonly defaults: boolean }): unknown
}

/**
 * A schema of Protobuf, as protobufjs has it: values are plain objects, with the defaults of what was not written, and a `Long`
 * for each integer of 64 bits. The library itself knows nothing of message indexes.
 */
export class ProtobufSchema implements Schema {
  readonly kind = 'protobuf'
  readonly isRegistrable = true
  readonly recordName: string
  readonly #message: ProtobufMessage
  readonly #indexes: Uint8Array

  /** @param message The one that is written; others of its file can be read. */
  constructor(message: ProtobufMessage) {
    this.#message = message
    this.#indexes = encodeIndexes(indexesOf(message))
    this.recordName = message.fullName.replace(/^\./, '')
  }

  write(value: unknown): Uint8Array {
    const complaint = this.#message.verify(value)
    if (complaint !== null) throw misfit([complaint])
    const bytes = this.#message.encode(this.#message.create(value)).finish()
    return Buffer.concat([this.#indexes, bytes])
  }

  read(payload: Buffer): unknown {
    const { indexes, message } = decodeIndexes(payload)
    const type = messageAt(fileOf(this.#message), indexes)
    return type.toObject(type.decode(message), { defaults: true })
  }
}

function indexesOf(message: ProtobufMessage): MessageIndexes {
  const { parent } = message
  const index = parent ? messagesOf(parent).indexOf(message) : 0
  return isMessage(parent) ? [...indexesOf(parent), index] : [index]
}

function messageAt(file: ProtobufNamespace, indexes: MessageIndexes): ProtobufMessage {
  let found: ProtobufNamespace | undefined = file
  for (const index of indexes) found = found && messagesOf(found)[index]
  if (isMessage(found)) return found
  throw new TypeError(`the schema has no message ${indexes.join('.')}`)
}

/** Messages of the file come first, then those of files that it imports and whose package is the same. */
function fileOf(message: ProtobufMessage): ProtobufNamespace {
  let { parent } = message
  while (isMessage(parent)) parent = parent.parent
  return parent ?? message
}

function messagesOf({ nestedArray }: ProtobufNamespace): readonly ProtobufMessage[] {
  return nestedArray.filter(isMessage).filter(({ group }) => !group)
}

function isMessage(thing: object | null | undefined): thing is ProtobufMessage {
  return thing !== null && thing !== undefined && 'fieldsArray' in thing
}
