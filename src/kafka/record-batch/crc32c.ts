const POLYNOMIAL = 0x82f63b78
/** Eight tables, so that eight bytes are taken per step: measured 4 times as fast as one table. */
const SLICES = 8
const TABLE = table()

/** The Castagnoli checksum of a record batch; `zlib.crc32` is another polynomial. */
export function crc32c(bytes: Uint8Array, start: number, end: number): number {
  let crc = -1
  let i = start
  for (; i + SLICES <= end; i += SLICES) {
    const low =
      crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24))
    crc =
      TABLE[1792 + (low & 0xff)]! ^
      TABLE[1536 + ((low >>> 8) & 0xff)]! ^
      TABLE[1280 + ((low >>> 16) & 0xff)]! ^
      TABLE[1024 + (low >>> 24)]! ^
      TABLE[768 + bytes[i + 4]!]! ^
      TABLE[512 + bytes[i + 5]!]! ^
      TABLE[256 + bytes[i + 6]!]! ^
      TABLE[bytes[i + 7]!]!
  }
  for (; i < end; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function table(): Int32Array {
  const values = new Int32Array(256 * SLICES)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    values[byte] = crc
  }
  for (let i = 256; i < values.length; i++) {
    const previous = values[i - 256]!
    values[i] = (previous >>> 8) ^ values[previous & 0xff]!
  }
  return values
}
