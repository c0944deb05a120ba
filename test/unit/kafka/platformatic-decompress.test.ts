import { compressionsAlgorithms } from '@platformatic/kafka'
import { describe, expect, test } from '@jest/globals'
import zlib from 'node:zlib'
import { decompress } from '../../../src/kafka/platformatic/decompress.ts'
import { readRecordBatches } from '../../../src/kafka/record-batch/batch-reader.ts'
import { readRecords } from '../../../src/kafka/record-batch/records-reader.ts'

/** Written by `MemoryRecords.withRecords` of kafka-clients 4.3.1: key and value, then no key and 300 times x. */
const BATCHES = {
  gzip: 'AAAAAAAAAAAAAABn/////wJJAu9WAAEAAAABAAAAAwbcQgAAAAGLz+VoAf//////////////////AAAAAh+LCAAAAAAAAP+TYWBgYMtOreQqS8wpTWX4wMLQNOPkhJlJTIw3WCpGAdGAAQAmktJhSQEAAA==',
  snappy:
    'AAAAAAAAAAAAAAB2/////wLAmbrCAAIAAAABAAAAAwbcQgAAAAGLz+VoAf//////////////////AAAAAoJTTkFQUFkAAAAAAQAAAAEAAAAxyQJwHAAAAAZrZXkKdmFsdWUA8AQAgpjJkJliAgHYBHj+AQD+AQD+AQD+AQCqAQAAAA==',
  lz4: 'AAAAAAAAAAAAAABp/////wLEeaJvAAMAAAABAAAAAwbcQgAAAAGLz+VoAf//////////////////AAAAAgQiTRhgQIIpAAAA/w4cAAAABmtleQp2YWx1ZQDwBACCmMmQmWICAdgEeAEA/xVQeHh4eAAAAAAA',
  zstd: 'AAAAAAAAAAAAAABi/////wKgRAPnAAQAAAABAAAAAwbcQgAAAAGLz+VoAf//////////////////AAAAAii1L/0AWCwBAPAcAAAABmtleQp2YWx1ZQDwBACCmMmQmWICAdgEeAABAKGowAkBAAA=',
}
const hasZstd = 'zstdDecompressSync' in zlib
const { snappy } = compressionsAlgorithms

describe('batches that the Java client compressed', () => {
  const read = async (text: string): Promise<(string | undefined)[]> => {
    const [batch] = readRecordBatches(Buffer.from(text, 'base64'))
    const bytes = await decompress(batch!.codec, batch!.records)
    return readRecords(batch!, bytes, 0n).map(({ value }) => value?.toString())
  }

  test.each(['gzip', 'snappy', 'lz4'] as const)('by %s', async (codec) => {
    expect(await read(BATCHES[codec])).toEqual(['value', 'x'.repeat(300)])
  })

  test('by zstd, or a refusal that names it', async () => {
    const records = read(BATCHES.zstd)
    if (hasZstd) await expect(records).resolves.toEqual(['value', 'x'.repeat(300)])
    else await expect(records).rejects.toThrow('zstd is not supported')
  })
})

test('snappy comes in one frame, or in several of a stream', async () => {
  const frame = (text: string): Buffer => {
    const compressed = snappy.compressSync(Buffer.from(text))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(compressed.length)
    return Buffer.concat([size, compressed])
  }
  const header = Buffer.from('82534e4150505900' + '00000001' + '00000001', 'hex')
  const stream = Buffer.concat([header, frame('one '), frame('two')])
  expect((await decompress(2, stream)).toString()).toBe('one two')
  expect((await decompress(2, snappy.compressSync(Buffer.from('one')))).toString()).toBe('one')
})

test('a codec that nobody knows is refused', async () => {
  await expect(decompress(7, Buffer.alloc(1))).rejects.toThrow('unknown compression codec 7')
})
