import { describe, expect, test } from '@jest/globals'
import { prepareSchema } from '../../../src/commit/prepare-schema.ts'
import { int64Serde } from '../../../src/serdes/int64-serde.ts'
import { stringSerde } from '../../../src/serdes/string-serde.ts'
import type { Serde } from '../../../src/serdes/serde.ts'
import { storeEntry } from '../../../src/stores/catalogue.ts'
import type { StoreDefinition } from '../../../src/stores/contract/store-definition.ts'
import { emptyDatabase } from '../../support/memory-state.ts'

const common = {
  name: 'counts',
  key: stringSerde as Serde<unknown>,
  value: int64Serde as Serde<unknown>,
  cache: true,
}
const times = { retentionMs: 60_000, emitsOnClose: false }
const keyed: StoreDefinition = { kind: 'key-value', ...common }
const windowed: StoreDefinition = { kind: 'window', ...common, ...times, sizeMs: 10_000 }
const sessions: StoreDefinition = { kind: 'session', ...common, ...times }

/** Starts with one definition, then with another. */
async function change(from: StoreDefinition, to: StoreDefinition): Promise<void> {
  const database = await emptyDatabase()
  for (const store of [from, to])
    await prepareSchema(database, {
      ...{ tables: [], entries: [storeEntry(store, 2)], taskIds: [], keepers: [] },
    })
}

describe('the entry of a store', () => {
  test.each<[string, StoreDefinition, StoreDefinition]>([
    ['kind', keyed, sessions],
    ['key', keyed, { ...keyed, key: int64Serde }],
    ['value', sessions, { ...sessions, value: stringSerde }],
    ['sizeMs', windowed, { ...windowed, sizeMs: 20_000 }],
    ['sizeMs', windowed, { ...windowed, sizeMs: Infinity }],
    ['advanceMs', windowed, { ...windowed, advanceMs: 5_000 }],
    ['startMs', windowed, { ...windowed, startMs: 1 }],
    ['gapMs', { ...sessions, gapMs: 5_000 }, { ...sessions, gapMs: 6_000 }],
    ['retentionMs', windowed, { ...windowed, retentionMs: Infinity }],
    ['retentionMs', sessions, { ...sessions, retentionMs: 70_000 }],
    ['emitsOnClose', windowed, { ...windowed, emitsOnClose: true }],
  ])('notices another %s', async (field, from, to) => {
    await expect(change(from, to)).rejects.toMatchObject({
      code: 'CATALOGUE_MISMATCH',
      message: expect.stringMatching(new RegExp(`put .*${field}.* back`)) as unknown,
    })
  })

  test.each([keyed, windowed, sessions])('accepts another cache', async (store) => {
    await change(store, { ...store, cache: false })
  })
})
