/** Checked by the compiler only: what `TopologyBuilder` knows of the records that leave a node. */
import { serdes } from '../../src/serdes/serdes.ts'
import type { ProcessorFunction } from '../../src/topology/processor/processor.ts'
import { TopologyBuilder } from '../../src/topology/topology-builder.ts'

const { string, int64, double } = serdes
const SERDES = { key: string, value: string }
declare const measure: ProcessorFunction<string, string, string, number>

const builder = new TopologyBuilder()
  .addSource('lines', 'lines', SERDES)
  .addSource('numbers', 'numbers', { key: string, value: double })
  .addProcessor('measure', measure, { parents: ['lines'] })
  .addProcessor(
    'both',
    (record, context) => {
      // @ts-expect-error text or a number
      record.value.length satisfies number
      return context.forward(record)
    },
    { parents: ['lines', 'numbers'] },
  )

builder.addSink('lengths', 'lengths', { parents: ['measure'], key: string, value: double })
builder.addSink('to', (_, length) => `of-${length.toFixed()}`, {
  ...{ parents: ['measure'], key: string, value: double },
})
// @ts-expect-error a serde of text does not write numbers
builder.addSink('text', 'text', { parents: ['measure'], key: string, value: string })
// @ts-expect-error there is no such node
builder.addSink('lost', 'lost', { parents: ['nowhere'], key: string, value: int64 })
// @ts-expect-error a processor of text gets numbers
builder.addProcessor('wrong', measure, { parents: ['numbers'] })
