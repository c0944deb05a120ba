import { serdes } from '../../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../../src/topology/topology.ts'

const { string, int64 } = serdes

/** `lines` → words → store `counts` → `word-counts`; two sub-topologies. */
export function wordCount(): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('lines', { key: string, value: string })
    .flatMapValues((line) => line.split(' '))
    .groupBy((_, word) => word, { name: 'words' })
    .count({ store: 'counts' })
    .toStream()
    .to('word-counts', { value: int64 })
  return builder.build()
}

/** `in` → `out`, every value in upper case; the value `bad` is refused. */
export function upperCase(): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .mapValues((value) => {
      if (value === 'bad') throw new TypeError('a bad value')
      return value.toUpperCase()
    })
    .to('out', { value: string })
  return builder.build()
}
