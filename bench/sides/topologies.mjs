import { serdes, StreamsBuilder, TimeWindows } from 'rowstream'
import { wordCount } from '../../build/services/example-wordcount/topology.js'
import { countProbes } from '../takeover/topology.mjs'

/**
 * What rowstream runs in the benches, by name: made of the names of its input and its output topic, and of a second input where it
 * has one.
 *
 * @type {Record<TopologyName, (input: string, output: string, other: string) => import('rowstream').Topology>}
 *
 * @typedef {'wordcount' | 'keyed' | 'passthrough' | 'windowed' | 'tablejoin' | 'streamjoin' | 'takeover'} TopologyName
 */
export const topologies = {
  wordcount: wordCount,
  keyed: countKeys,
  passthrough: passThrough,
  windowed: countByMinute,
  tablejoin: joinTable,
  streamjoin: joinStreams,
  takeover: countProbes,
}

const strings = { key: serdes.string, value: serdes.string }

/**
 * Counts records by the key they have: there is no repartition topic.
 *
 * @param {string} input
 * @param {string} output
 */
function countKeys(input, output) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: serdes.string, value: serdes.string })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .to(output, { value: serdes.int64 })
  return builder.build()
}

/**
 * @param {string} input
 * @param {string} output
 */
function passThrough(input, output) {
  const builder = new StreamsBuilder()
  builder.stream(input, { key: serdes.bytes, value: serdes.bytes }).to(output)
  return builder.build()
}

/**
 * @param {string} input
 * @param {string} output
 */
function countByMinute(input, output) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, strings)
    .groupByKey()
    .windowedBy(TimeWindows.of({ sizeMs: 60_000, graceMs: 600_000 }))
    .count({ store: 'counts' })
    .toStream(({ key, start }) => `${key}@${start}`)
    .to(output, { key: serdes.string, value: serdes.int64 })
  return builder.build()
}

/**
 * @param {string} input
 * @param {string} output
 * @param {string} other
 */
function joinTable(input, output, other) {
  const builder = new StreamsBuilder()
  const table = builder.table(other, { ...strings, store: 'rows' })
  builder
    .stream(input, strings)
    .join(table, (record, row) => record + row)
    .to(output, { value: serdes.string })
  return builder.build()
}

/**
 * @param {string} input
 * @param {string} output
 * @param {string} other
 */
function joinStreams(input, output, other) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, strings)
    .join(builder.stream(other, strings), (left, right) => left + right, {
      beforeMs: 300_000,
      afterMs: 300_000,
      graceMs: 60_000,
      name: 'pairs',
    })
    .to(output, { value: serdes.string })
  return builder.build()
}
