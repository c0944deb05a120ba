import { expect, test } from '@jest/globals'
import { missingChildren } from '../../../src/database/postgres/schema/partitions.ts'
import type { Table } from '../../../src/database/table.ts'

const table: Table = {
  name: 'counts',
  columns: [{ name: 'partition', type: 'int32' }],
  key: ['partition'],
  partitioned: true,
}
const existing = (children: Readonly<Record<string, readonly number[]>>) => ({
  columns: new Set(['partition']),
  children: new Map(Object.entries(children)),
})

test('a table that is not partitioned has no children', () => {
  expect(missingChildren('app', { ...table, partitioned: false }, 4, undefined)).toEqual([])
})

test('children that are there are left alone, also those of partitions that are no more', () => {
  const found = existing({ counts_p0: [0], counts_p1: [1], counts_p2: [2] })
  expect(missingChildren('app', table, 2, found)).toEqual([])
})

test('a thousand children hold any number of partitions, each value once', () => {
  const statements = missingChildren('app', table, 2_500, undefined)
  expect(statements).toHaveLength(1_000)
  expect(statements[7]).toMatch(/"counts_p7" .* for values in \(7, 1007, 2007\)$/)
  expect(statements[700]).toMatch(/for values in \(700, 1700\)$/)
})

test('a child that gets more values keeps those it has', () => {
  const found = existing(
    Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`counts_p${at}`, [at]])),
  )
  expect(missingChildren('app', table, 1_001, found)).toEqual([
    'alter table "app"."counts" detach partition "app"."counts_p0"; ' +
      'alter table "app"."counts" attach partition "app"."counts_p0" for values in (0, 1000)',
  ])
})
