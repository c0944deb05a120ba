import { innerKey, keySerde, plainKey } from '../functions/windowed-keys.ts'
import type {
  ExtractedRecord,
  TimestampExtractor,
} from '../../../../src/topology/processing/functions.ts'
import { serdeOf, type Carried, type Key, type OperatorBuilder, type Stream } from '../building.ts'

export const SOURCES_AND_SINKS: Readonly<Record<string, OperatorBuilder>> = {
  stream: ({ topics, timestampExtractor }, { builder, scenario }) => {
    const type = scenario.topics[topics![0]!]!
    const stream = builder.stream(topics!, {
      key: plainKey,
      value: serdeOf(type),
      ...(timestampExtractor && { timestampExtractor: EXTRACTORS[timestampExtractor]! }),
    })
    return { kind: 'stream', stream: stream as unknown as Stream, type }
  },

  to: (node, building) => {
    const { stream, type } = building.input(node, 'stream')
    const { topic, topicPrefix } = node
    const chosen = (key: Key) => `${topicPrefix}${innerKey(key)}`
    stream.to(topic ?? chosen, { key: keySerde, value: serdeOf(type) })
    building.outputs.set(topic ?? topicPrefix!, type)
    return undefined
  },
}

const EXTRACTORS: Readonly<Record<string, TimestampExtractor<NonNullable<Key>, Carried>>> = {
  valueAsTimestamp,
  partitionTime: ({ partitionTime, timestamp }) => (partitionTime >= 0 ? partitionTime : timestamp),
}

/** A long value is the timestamp; without one it is the record's. */
function valueAsTimestamp({ value, timestamp }: ExtractedRecord<unknown, Carried>): number {
  return value === null ? timestamp : Number(value)
}
