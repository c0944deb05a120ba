import { expect, test } from '@jest/globals'
import type { Serde } from '../../../src/serdes/serde.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { migrateFrom } from '../../../src/stores/contract/store-migration.ts'
import { rowMigration } from '../../../src/stores/row-migration.ts'

const string = serdes.string as Serde<unknown>

test('a change that is held back has the bytes of its migrated values', () => {
  const longer = migrateFrom(serdes.string, ({ value }) => ({ value: `${value}, longer` }))
  const held = { kind: 'suppress-buffer', name: 'held', key: string, value: string } as const
  const row = (value: string, bytes: number) =>
    [0, 10, 'a', value, 'old', 'old', 10, [], bytes, null, null, null] as const
  const rows = rowMigration({ ...held, countsBytes: true, version: 2, migrate: longer })!
  const place = 28
  const before = 'a'.length + 'new'.length + 'old'.length + place
  expect(rows.convert(row('new', before), 1)).toEqual(
    [...row('new, longer', before + 2 * ', longer'.length)].with(4, 'old, longer').with(5, 'old, longer'), // prettier-ignore
  )
  const uncounted = rowMigration({ ...held, countsBytes: false, version: 2, migrate: longer })!
  expect(uncounted.convert(row('new', 0), 1)!.at(8)).toBe(0)
})
