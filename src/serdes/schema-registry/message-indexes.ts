/**
 * Where a message stands in its file, before each protobuf value of Confluent's format: the place among the messages of the file,
 * then among those inside it, and so on. Numbers are zigzag varints; the first message of a file, the usual one, is a single zero.
 */
export type MessageIndexes = readonly number[]

/** @see MessageIndexes */
export function encodeIndexes(indexes: MessageIndexes): Uint8Array {
  if (indexes.length === 1 && indexes[0] === 0) return Uint8Array.of(0)
  return Uint8Array.from([indexes.length, ...indexes].flatMap(encodeVarint))
}

/** The indexes, and what follows them. @throws TypeError when there are none. */
export function decodeIndexes(payload: Buffer): {
  readonly indexes: MessageIndexes
  readonly message: Buffer
} {
  const reader = new VarintReader(payload)
  const count = reader.next()
  const indexes = Array.from({ length: Math.max(0, count) }, () => reader.next())
  return { indexes: count === 0 ? [0] : indexes, message: payload.subarray(reader.position) }
}

function encodeVarint(value: number): number[] {
  const bytes: number[] = []
  let rest = value * 2
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}

class VarintReader {
  position = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  next(): number {
    let value = 0
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.#bytes[this.position++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw new TypeError('the message indexes of the protobuf value are broken')
  }
}
