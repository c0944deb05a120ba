const INITIAL_BYTES = 512
/** Below this a loop is faster than the call of `set`: measured. */
const FEW_BYTES = 32

/** Writes the primitive types of Kafka's protocol into one growing buffer. */
export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(capacity: number = INITIAL_BYTES) {
    this.#buffer = Buffer.allocUnsafe(capacity)
  }

  /** Bytes written so far; also where the next one goes. */
  get length(): number {
    return this.#length
  }

  /** A view of what was written; void once more is written. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  int8(value: number): this {
    const at = this.#reserve(1)
    this.#buffer[at] = value
    return this
  }

  int16(value: number): this {
    const at = this.#reserve(2)
    this.#buffer.writeInt16BE(value, at)
    return this
  }

  int32(value: number): this {
    const at = this.#reserve(4)
    this.#buffer.writeInt32BE(value, at)
    return this
  }

  int64(value: bigint): this {
    const at = this.#reserve(8)
    this.#buffer.writeBigInt64BE(value, at)
    return this
  }

  /** Overwrites a field whose value is known only after what follows it. */
  int32At(position: number, value: number): void {
    this.#buffer.writeInt32BE(value, position)
  }

  /** Overwrites a checksum. */
  uint32At(position: number, value: number): void {
    this.#buffer.writeUInt32BE(value, position)
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1)
    const size = Buffer.byteLength(value)
    this.int16(size)
    return this.rawText(value, size)
  }

  /** A string of the flexible versions (KIP-482): its length plus one, as an unsigned varint. */
  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0)
    const size = Buffer.byteLength(value)
    this.unsignedVarint(size + 1)
    return this.rawText(value, size)
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(item)
    return this
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.unsignedVarint(items.length + 1)
    for (const item of items) write(item)
    return this
  }

  /** The empty list of tagged fields that ends each structure of a flexible version. */
  noTags(): this {
    return this.unsignedVarint(0)
  }

  unsignedVarint(value: number): this {
    let at = this.#reserve(5)
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#buffer[at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#buffer[at++] = rest
    this.#length = at
    return this
  }

  /** A signed varint of 32 bits, zigzag. */
  varint(value: number): this {
    return this.unsignedVarint((value << 1) ^ (value >> 31))
  }

  /** A signed varint of 64 bits, zigzag. */
  varlong(value: number): this {
    if (value >= -0x40000000 && value < 0x40000000) return this.varint(value)
    let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
    let at = this.#reserve(10)
    while (rest > 0x7fn) {
      this.#buffer[at++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.#buffer[at++] = Number(rest)
    this.#length = at
    return this
  }

  /** Bytes as they are, without a length. */
  raw(bytes: Uint8Array): this {
    const at = this.#reserve(bytes.length)
    const buffer = this.#buffer
    if (bytes.length > FEW_BYTES) buffer.set(bytes, at)
    else for (let i = 0; i < bytes.length; i++) buffer[at + i] = bytes[i]!
    return this
  }

  /** Bytes with their length as a varint; −1 for null. */
  nullableRaw(bytes: Uint8Array | null): this {
    return bytes === null ? this.varint(-1) : this.varint(bytes.length).raw(bytes)
  }

  /** Text as UTF-8, without a length. */
  rawText(text: string, size: number): this {
    const at = this.#reserve(size)
    this.#buffer.write(text, at)
    return this
  }

  /** Makes room, perhaps in a new buffer, and moves the end; the varints move it back to what they used. */
  #reserve(bytes: number): number {
    const at = this.#length
    const needed = at + bytes
    if (needed > this.#buffer.length) this.#grow(needed)
    this.#length = needed
    return at
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** Bytes that {@link ByteWriter.varint} uses. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0
  return zigzag < 0x80
    ? 1
    : zigzag < 0x4000
      ? 2
      : zigzag < 0x200000
        ? 3
        : zigzag < 0x10000000
          ? 4
          : 5
}

/** Bytes that {@link ByteWriter.varlong} uses. */
export function varlongSize(value: number): number {
  if (value >= -0x40000000 && value < 0x40000000) return varintSize(value)
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  let size = 1
  while (rest > 0x7fn) {
    rest >>= 7n
    size++
  }
  return size
}
