/** Checked by the compiler only: what processors know of their stores, and partitioners of records. */
import { serdes } from '../../src/serdes/serdes.ts'
import type { ProcessorContext } from '../../src/topology/processor/processor-context.ts'
import { stores } from '../../src/topology/processor/store-builder.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { TopologyBuilder } from '../../src/topology/topology-builder.ts'

const { string, double } = serdes
const NUMBERS = { key: string, value: double }
declare const context: ProcessorContext<string, number>

const totals = stores.keyValue({ name: 'totals', ...NUMBERS })
const windows = stores.window({ name: 'windows', ...NUMBERS, windowSizeMs: 1, retentionMs: 1 })
const sessions = stores.session({ name: 'sessions', ...NUMBERS, retentionMs: 1 })
const prices = stores.versioned({ name: 'prices', ...NUMBERS, historyRetentionMs: 1 })

const [visit] = await context.store(sessions).fetch('a')
visit!.value satisfies number
visit!.key.end satisfies number
const price = await context.store(prices).get('a', 5)
price!.validTo satisfies number | undefined
const [between] = await context.store(windows).fetch('a', null, 0, 10)
between!.key.key satisfies string
// @ts-expect-error a number, not text
context.store(totals).putAll([['a', 'x']])
stores.versioned({
  ...{ name: 'prices', ...NUMBERS, historyRetentionMs: 1, version: 2 },
  migrate: ({ value, timestamp }) => ({ value: value + timestamp.toFixed().length }),
})
stores.keyValue({
  ...{ name: 'totals', ...NUMBERS, version: 2 },
  migrate: ({ value }) => ({ value: value.toFixed.length }),
})

const builder = new StreamsBuilder()
builder.stream('in', NUMBERS).to('out', { partitioner: (key, value) => key.length + value })
// @ts-expect-error a partition is a number
builder.stream('in', NUMBERS).to('out', { partitioner: () => 'first' })
builder.addGlobalStore(totals, 'numbers', ({ key, value }) => void (value + key.length), NUMBERS)
// @ts-expect-error nothing comes out of it
builder.addGlobalStore(totals, 'numbers', (record, own) => own.forward(record), NUMBERS)
// @ts-expect-error no key-value store
builder.addGlobalStore(windows, 'numbers', () => undefined, NUMBERS)

const NAMES = { source: 'numbers', name: 'keep' } as const
new TopologyBuilder()
  .addReadOnlyStateStore(totals, 'numbers', () => undefined, { ...NAMES, ...NUMBERS })
  .addProcessor('read', ({ value }) => void value.toFixed(), { parents: ['numbers'] })
new TopologyBuilder()
  .addGlobalStore(totals, 'numbers', () => undefined, { ...NAMES, ...NUMBERS })
  // @ts-expect-error nothing hangs under a global store
  .addProcessor('read', () => undefined, { parents: ['numbers'] })
