import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'

const { string } = serdes
const SERDES = { key: string, value: string }

test('a table knows the name of its store where it was given one', () => {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', SERDES)
  const group = stream.groupByKey()
  const plain = builder.table('plain', SERDES)
  const table = builder.table('rows', { ...SERDES, store: 'rows' })
  const versioned = { historyRetentionMs: 1 }
  const all = { init: () => '', value: string }
  const add = (_: string, value: string, text: string) => text + value
  const grouped = table.groupBy((key, value) => [key, value])
  const [both, one] = [(left: string) => left, (value: string) => value]
  const named = [
    table,
    builder.table('versions', { ...SERDES, store: 'versions', versioned }),
    stream.toTable({ store: 'from-stream' }),
    group.count({ store: 'counts' }),
    group.reduce(one, { store: 'reduced' }),
    group.windowedBy(TimeWindows.of({ sizeMs: 1 })).count({ store: 'windows' }),
    group.cogroup(add).aggregate({ ...all, store: 'cogroup' }),
    group.cogroup(add).windowedBy(TimeWindows.of({ sizeMs: 1 })).aggregate({ ...all, store: 'parts' }), // prettier-ignore
    grouped.count({ store: 'table-counts' }),
    table.filter(() => true, { store: 'filtered' }),
    table.mapValues(one, { value: string, store: 'mapped' }),
    table.join(plain, both, { value: string, store: 'joined' }),
    table.join(plain, both, { foreignKey: (value) => value, value: string, store: 'foreign' }),
  ]
  expect(named.map(({ store }) => store)).toEqual([
    ...['rows', 'versions', 'from-stream', 'counts', 'reduced', 'windows', 'cogroup', 'parts'],
    ...['table-counts', 'filtered', 'mapped', 'joined', 'foreign'],
  ])
  const unnamed = [
    ...[plain, stream.toTable(), group.count(), grouped.count(), table.filter(() => true)],
    ...[table.mapValues(one), table.join(plain, both)],
    table.suppress({ until: 'time-limit', timeLimitMs: 1 }),
  ]
  expect(unnamed.map(({ store }) => store)).toEqual(unnamed.map(() => undefined))
})
