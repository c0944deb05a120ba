const INT64_BYTES = 8
const TWO_TO_32 = 0x1_0000_0000
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

/** @throws TypeError unless there are eight bytes. */
export function checkEightBytes(bytes: Uint8Array): void {
  if (bytes.length !== INT64_BYTES)
    throw new TypeError(`${bytes.length} bytes where ${INT64_BYTES} are needed`)
}

/** @throws RangeError unless the number is an integer that a double holds exactly (±2^53 − 1). */
export function checkSafeInteger(value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`)
}

/** @throws RangeError when the integer needs more than 64 bits. */
export function checkInt64(value: bigint): void {
  if (value < INT64_MIN || value > INT64_MAX) throw new RangeError(`${value} is outside int64`)
}

/** Big-endian two's complement of a safe integer, without a bigint on the way. */
export function numberToInt64(value: number): Uint8Array {
  checkSafeInteger(value)
  const bytes = Buffer.allocUnsafe(INT64_BYTES)
  bytes.writeInt32BE(Math.floor(value / TWO_TO_32), 0)
  bytes.writeInt32BE(value | 0, 4)
  return bytes
}

/** Big-endian two's complement. */
export function bigintToInt64(value: bigint): Uint8Array {
  checkInt64(value)
  const bytes = Buffer.allocUnsafe(INT64_BYTES)
  bytes.writeBigInt64BE(value, 0)
  return bytes
}

/** The integer of eight big-endian bytes. */
export function int64ToBigint(bytes: Uint8Array): bigint {
  checkEightBytes(bytes)
  return new DataView(bytes.buffer, bytes.byteOffset, INT64_BYTES).getBigInt64(0)
}

/** The integer of eight big-endian bytes, where a double holds it exactly. */
export function int64ToNumber(bytes: Uint8Array): number {
  checkEightBytes(bytes)
  const value = int32At(bytes, 0) * TWO_TO_32 + (int32At(bytes, 4) >>> 0)
  checkSafeInteger(value)
  return value
}

/** By hand: making a `DataView` for each value costs several times the reading. */
function int32At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}
