const MAGIC_BYTE = 0
/** The magic byte and the schema's id. */
const HEADER_BYTES = 5

/** What Confluent's serializers write: a zero, the schema's id as an int32, and the value as the schema says. */
export function frame(id: number, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  bytes.writeUInt8(MAGIC_BYTE, 0)
  bytes.writeInt32BE(id, 1)
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

/** Bytes in {@link frame}'s format, taken apart. @throws TypeError when they are not in it. */
export function unframe(bytes: Uint8Array): { readonly id: number; readonly payload: Buffer } {
  if (bytes.length < HEADER_BYTES)
    throw new TypeError(`${bytes.length} bytes are too few for Confluent's format`)
  if (bytes[0] !== MAGIC_BYTE)
    throw new TypeError(`not in Confluent's format: the first byte is ${bytes[0]}, not 0`)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return { id: buffer.readInt32BE(1), payload: buffer.subarray(HEADER_BYTES) }
}
