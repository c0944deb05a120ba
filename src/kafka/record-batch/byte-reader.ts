/** Reads the primitive types of Kafka's protocol out of a buffer, without copying. */
export class ByteReader {
  readonly buffer: Buffer
  /** Where the next value begins. */
  position: number

  constructor(buffer: Buffer, position = 0) {
    this.buffer = buffer
    this.position = position
  }

  int8(): number {
    return this.buffer.readInt8(this.position++)
  }

  int16(): number {
    const value = this.buffer.readInt16BE(this.position)
    this.position += 2
    return value
  }

  int32(): number {
    const value = this.buffer.readInt32BE(this.position)
    this.position += 4
    return value
  }

  int64(): bigint {
    const value = this.buffer.readBigInt64BE(this.position)
    this.position += 8
    return value
  }

  string(): string {
    return this.nullableString() ?? ''
  }

  nullableString(): string | null {
    const size = this.int16()
    return size < 0 ? null : this.raw(size).toString('utf8')
  }

  compactString(): string {
    const size = this.unsignedVarint() - 1
    return size < 0 ? '' : this.raw(size).toString('utf8')
  }

  /** Bytes with a length of 32 bits; empty for null. */
  bytes(): Buffer {
    return this.raw(Math.max(0, this.int32()))
  }

  /** Bytes of the flexible versions; empty for null. */
  compactBytes(): Buffer {
    return this.raw(Math.max(0, this.unsignedVarint() - 1))
  }

  /** A view of the next bytes. */
  raw(size: number): Buffer {
    const start = this.position
    this.position = start + size
    return this.buffer.subarray(start, this.position)
  }

  array<T>(read: () => T): T[] {
    return this.#items(this.int32(), read)
  }

  compactArray<T>(read: () => T): T[] {
    return this.#items(this.unsignedVarint() - 1, read)
  }

  /** Skips the tagged fields that end each structure of a flexible version (KIP-482). */
  skipTags(): void {
    this.tags(() => undefined)
  }

  /** Reads tagged fields. @param read Is told of each, with the reader at its value; what it leaves is skipped. */
  tags(read: (tag: number) => void): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      const tag = this.unsignedVarint()
      const end = this.unsignedVarint() + this.position
      read(tag)
      this.position = end
    }
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.buffer[this.position++] ?? 0
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
  }

  /** A signed varint of 32 bits, zigzag. */
  varint(): number {
    const zigzag = this.unsignedVarint()
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  /** A signed varint of 64 bits, zigzag; exact up to 2^53. */
  varlong(): number {
    const start = this.position
    let byte = this.buffer[this.position++] ?? 0
    let value = byte & 0x7f
    let shift = 7
    while (byte >= 0x80 && shift < 28) {
      byte = this.buffer[this.position++] ?? 0
      value |= (byte & 0x7f) << shift
      shift += 7
    }
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    this.position = start
    return this.#longVarlong()
  }

  #longVarlong(): number {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.buffer[this.position++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)))
    }
  }

  #items<T>(count: number, read: () => T): T[] {
    const items: T[] = []
    for (let i = 0; i < count; i++) items.push(read())
    return items
  }
}
