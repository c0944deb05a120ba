import { describe, expect, test } from '@jest/globals'
import { ByteReader } from '../../../src/kafka/record-batch/byte-reader.ts'
import { ByteWriter, varintSize, varlongSize } from '../../../src/kafka/record-batch/byte-writer.ts'
import { crc32c } from '../../../src/kafka/record-batch/crc32c.ts'

const INT32 = [0, -1, 1, 63, -64, 64, 8_191, -8_192, 8_192, 1_048_576, 2 ** 31 - 1, -(2 ** 31)]
const INT64 = [
  ...INT32,
  2 ** 30,
  -(2 ** 30) - 1,
  2 ** 31,
  2 ** 42,
  -(2 ** 42),
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
]

describe('primitives of the wire', () => {
  test.each(INT32)('the varint %d is read as it was written, in the size foretold', (value) => {
    const writer = new ByteWriter().varint(value)
    expect(new ByteReader(writer.bytes()).varint()).toBe(value)
    expect(writer.length).toBe(varintSize(value))
  })

  test.each(INT64)('the varlong %d is read as it was written, in the size foretold', (value) => {
    const writer = new ByteWriter().varlong(value)
    expect(new ByteReader(writer.bytes()).varlong()).toBe(value)
    expect(writer.length).toBe(varlongSize(value))
  })

  test('a writer grows beyond its capacity', () => {
    const writer = new ByteWriter(1)
      .int64(-2n)
      .string('grün')
      .string(null)
      .compactString('')
      .raw(Buffer.alloc(1_000, 7))
    const reader = new ByteReader(writer.bytes())
    expect([
      reader.int64(),
      reader.string(),
      reader.nullableString(),
      reader.compactString(),
    ]).toEqual([-2n, 'grün', null, ''])
    expect(reader.raw(1_000)).toEqual(Buffer.alloc(1_000, 7))
  })

  test('tagged fields are skipped', () => {
    const writer = new ByteWriter().unsignedVarint(2)
    writer
      .unsignedVarint(0)
      .unsignedVarint(3)
      .raw(Buffer.from('abc'))
      .unsignedVarint(300)
      .unsignedVarint(0)
      .int8(42)
    const reader = new ByteReader(writer.bytes())
    reader.skipTags()
    expect(reader.int8()).toBe(42)
  })

  test('the checksum is that of RFC 3720, for lengths that fill no slice as well', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283)
    expect(crc32c(Buffer.alloc(32), 0, 32)).toBe(0x8a9136aa)
    expect(crc32c(Buffer.alloc(32, 0xff), 0, 32)).toBe(0x62a8ab43)
    expect(crc32c(Buffer.from('xx123456789x'), 2, 11)).toBe(0xe3069283)
  })
})
