import { describe, expect, test } from '@jest/globals'
import type { Reader } from '../../../src/database/transaction.ts'
import { bytesSerde } from '../../../src/serdes/bytes-serde.ts'
import { stringSerde } from '../../../src/serdes/string-serde.ts'
import { doubleSerde } from '../../../src/serdes/double-serde.ts'
import { int64Serde } from '../../../src/serdes/int64-serde.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { TableStore } from '../../../src/stores/table-store.ts'
import { databaseOf, writeSealed } from './store-world.ts'

async function tryPut<K, V>(
  key: Serde<K>,
  value: Serde<V>,
  row: { key: K; value: V; timestamp?: number },
) {
  const definition = { kind: 'key-value', name: 'limits', key, value, cache: true } as const
  const database = await databaseOf([], definition as never)
  const store = new TableStore(definition, 0, database, () => 1e6)
  store.put(row.key, { value: row.value, timestamp: row.timestamp ?? 0 })
  await writeSealed(database, store.seal())
}

const NOTHING: Reader = { getMany: async () => [], range: async () => [] }
const REFUSED = { code: 'STORE_REFUSED' }
const text = (key: string) => tryPut(stringSerde, stringSerde, { key, value: '' })
const timed = (timestamp: number) =>
  tryPut(stringSerde, stringSerde, { key: 'k', value: '', timestamp })

describe('a key', () => {
  test('of 2,500 bytes is stored', async () => {
    await expect(text('x'.repeat(2_500))).resolves.toBeUndefined()
  })

  test('of 2,501 bytes is refused', async () => {
    await expect(text('x'.repeat(2_501))).rejects.toMatchObject(REFUSED)
  })

  test('is measured in UTF-8 bytes, not in characters', async () => {
    await expect(text('\u20ac'.repeat(833))).resolves.toBeUndefined()
    await expect(text('\u20ac'.repeat(834))).rejects.toMatchObject(REFUSED)
  })

  test('beyond the basic plane takes four bytes a character', async () => {
    await expect(text('\u{1F600}'.repeat(625))).resolves.toBeUndefined()
    await expect(text('\u{1F600}'.repeat(626))).rejects.toMatchObject(REFUSED)
  })

  test('of bytes has the same limit', async () => {
    const bytes = (length: number) =>
      tryPut(bytesSerde, stringSerde, { key: new Uint8Array(length), value: '' })
    await expect(bytes(2_500)).resolves.toBeUndefined()
    await expect(bytes(2_501)).rejects.toMatchObject(REFUSED)
  })

  test('is named with its size and the limit when it is refused', async () => {
    await expect(text('x'.repeat(3_000))).rejects.toThrow(/limits.*3000 bytes.*2500/)
  })

  test('with U+0000 or a lone surrogate is refused', async () => {
    await expect(text('a\u0000')).rejects.toMatchObject(REFUSED)
    await expect(text('a\ud800')).rejects.toMatchObject(REFUSED)
  })

  test('is checked when it is read as well', async () => {
    const definition = { kind: 'key-value', name: 'limits', cache: true } as const
    const serdes = { key: stringSerde, value: stringSerde }
    const store = new TableStore({ ...definition, ...serdes }, 0, NOTHING, () => 1e6)
    expect(() => store.get('x'.repeat(2_501))).toThrow(/2501 bytes/)
  })
})

describe('a timestamp', () => {
  test('up to 8.64e15 is stored', async () => {
    await expect(timed(8.64e15)).resolves.toBeUndefined()
  })

  test.each([8.64e15 + 1, -8.64e15 - 1, NaN, Infinity])('of %d is refused', async (timestamp) => {
    await expect(timed(timestamp)).rejects.toMatchObject(REFUSED)
  })

  test('that is no whole number of milliseconds is refused at put', async () => {
    await expect(timed(0.5)).rejects.toMatchObject(REFUSED)
  })

  test('before 4714 BC, which no database holds, is refused at put', async () => {
    await expect(timed(-8.64e15)).rejects.toMatchObject(REFUSED)
  })
})

describe('a value', () => {
  test.each([
    ['text with U+0000', stringSerde as Serde<unknown>, 'a\u0000'],
    ['text with a lone surrogate', stringSerde as Serde<unknown>, '\udc00'],
    ['an int64 beyond 64 bits', int64Serde as Serde<unknown>, 2n ** 63n],
    ['a number beyond 2^53 in an int64', int64Serde as Serde<unknown>, 2 ** 53],
    ['what is no double', doubleSerde as Serde<unknown>, 'x'],
  ])('of %s is refused at put', async (_, serde, value) => {
    await expect(tryPut(stringSerde, serde, { key: 'k', value })).rejects.toMatchObject(REFUSED)
  })

  test('keeps the serde’s error as the cause of its refusal', async () => {
    const refusal: unknown = await tryPut(stringSerde, stringSerde, {
      key: 'k',
      value: 'a\u0000',
    }).catch((error: unknown) => error)
    expect((refusal as Error).cause).toBeInstanceOf(TypeError)
  })
})
