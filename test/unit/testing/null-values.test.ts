import { describe, expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { KGroupedStream, KTable } from '../../../src/topology/dsl/dsl.ts'
import type { WindowedStoreOptions } from '../../../src/topology/dsl/options.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { SessionWindows } from '../../../src/topology/windows/session-windows.ts'
import { SlidingWindows } from '../../../src/topology/windows/sliding-windows.ts'
import { TimeWindows } from '../../../src/topology/windows/time-windows.ts'
import { UnlimitedWindows } from '../../../src/topology/windows/unlimited-windows.ts'
import type { Windowed } from '../../../src/model/windowed.ts'
import { openDriver } from './support/open-driver.ts'

const { string, double } = serdes
const CLICKS = { key: string, value: string }
const ONE_MORE = (_key: string, _value: string, count: number) => count + 1
const SUM = (_key: string, one: number, other: number) => one + other

type Group = KGroupedStream<string, string>
type Options = Pick<WindowedStoreOptions, 'nullValues'>
type Counted = (group: Group, options: Options) => KTable<Windowed<string>, number | null>

const BY_TIME: readonly (readonly [string, Counted])[] = [
  ['tumbling', (group, o) => group.windowedBy(TimeWindows.of({ sizeMs: 10 })).count(o)],
  [
    'hopping',
    (group, o) => group.windowedBy(TimeWindows.of({ sizeMs: 10, advanceMs: 9 })).count(o),
  ],
  ['unlimited', (group, o) => group.windowedBy(UnlimitedWindows.of()).count(o)],
]
const CASES: readonly (readonly [string, Counted])[] = [
  ...BY_TIME,
  ['sessions', (group, o) => group.windowedBy(SessionWindows.of({ gapMs: 5 })).count(o)],
  [
    'an aggregate of tumbling',
    (group, o) =>
      group
        .windowedBy(TimeWindows.of({ sizeMs: 10 }))
        .aggregate({ init: () => 0, add: ONE_MORE, value: double, ...o }),
  ],
  [
    'a cogroup of tumbling',
    (group, o) =>
      group
        .cogroup<number>(ONE_MORE)
        .windowedBy(TimeWindows.of({ sizeMs: 10 }))
        .aggregate({ init: () => 0, value: double, ...o }),
  ],
  [
    'a cogroup of sessions',
    (group, o) =>
      group
        .cogroup<number>(ONE_MORE)
        .windowedBy(SessionWindows.of({ gapMs: 5 }))
        .aggregate({ init: () => 0, merge: SUM, value: double, ...o }),
  ],
]

/** What the last change says when two values and a null have come. */
async function lastCount(counted: Counted, options: Options): Promise<unknown> {
  const builder = new StreamsBuilder()
  const group = builder.stream('in', CLICKS).groupByKey()
  counted(group, options)
    .toStream()
    .map(({ key }, count) => [key, count])
    .to('out', { key: string, value: double })
  const driver = await openDriver(builder.build())
  const input = driver.createInputTopic('in', { key: string, value: string })
  for (const [timestamp, value] of ['x', null, 'y'].entries())
    await input.pipeInput({ key: 'k', value, timestamp })
  const output = driver.createOutputTopic('out', { key: string, value: double })
  return output.readRecords().at(-1)?.value
}

describe('null values in windows', () => {
  test.each(CASES)('of %s are aggregated, or dropped where that is said', async (_, counted) => {
    expect(await lastCount(counted, {})).toBe(3)
    expect(await lastCount(counted, { nullValues: 'aggregated' })).toBe(3)
    expect(await lastCount(counted, { nullValues: 'dropped' })).toBe(2)
  })

  test('of sliding ones are dropped, and cannot be aggregated', async () => {
    const sliding: Counted = (group, o) =>
      group.windowedBy(SlidingWindows.of({ differenceMs: 10 })).count(o)
    expect(await lastCount(sliding, {})).toBe(2)
    expect(await lastCount(sliding, { nullValues: 'dropped' })).toBe(2)
    await expect(lastCount(sliding, { nullValues: 'aggregated' })).rejects.toThrow(TypeError)
  })

  test('take no third way', async () => {
    const options = { nullValues: 'ignored' } as unknown as Options
    await expect(lastCount(BY_TIME[0]![1], options)).rejects.toThrow("not 'ignored'")
  })
})
