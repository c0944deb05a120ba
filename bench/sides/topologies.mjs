import { serdes, StreamsBuilder } from 'rowstream'
import { wordCount } from '../../build/services/example-wordcount/topology.js'

/**
 * What rowstream runs in the benches, by name: made of the names of its input and its output topic.
 *
 * @type {Record<TopologyName, (input: string, output: string) => import('rowstream').Topology>}
 *
 * @typedef {'wordcount' | 'keyed' | 'passthrough'} TopologyName
 */
export const topologies = { wordcount: wordCount, keyed: countKeys, passthrough: passThrough }

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
