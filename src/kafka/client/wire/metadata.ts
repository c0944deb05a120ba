import type { ByteReader } from '../../record-batch/byte-reader.ts'
import { ByteWriter } from '../../record-batch/byte-writer.ts'
import type { WireRequest } from './wire-request.ts'

/** The cluster as one broker sees it. */
export interface ClusterMetadata {
  readonly brokers: readonly {
    readonly nodeId: number
    readonly host: string
    readonly port: number
  }[]
  readonly controllerId: number
  readonly topics: readonly TopicMetadata[]
}

/** A topic that was asked for. */
export interface TopicMetadata {
  readonly topic: string
  readonly errorCode: number
  /** 32 hexadecimal digits; absent from brokers before 2.8. */
  readonly topicId: string | undefined
  /** Kafka keeps it for itself. */
  readonly isInternal: boolean
  readonly partitions: readonly { readonly partition: number; readonly leader: number }[]
}

/** The first version with topic ids is also a flexible one; 5 is the last that all brokers since 1.0 know. */
const WITH_TOPIC_IDS = 10
const WITHOUT_TOPIC_IDS = 5

/** Metadata of the named topics, never creating them, or of all; no names, no topics. */
export function metadataRequest(
  topics: readonly string[] | 'all',
  maxVersion: number,
): WireRequest<ClusterMetadata> {
  const isFlexible = maxVersion >= WITH_TOPIC_IDS
  return {
    apiKey: 3,
    apiVersion: isFlexible ? WITH_TOPIC_IDS : WITHOUT_TOPIC_IDS,
    apiName: 'Metadata',
    encode: () => (isFlexible ? encodeFlexible(topics) : encode(topics)),
    decode: (reader) => {
      if (isFlexible) reader.skipTags()
      return { throttleMs: reader.int32(), value: isFlexible ? readFlexible(reader) : read(reader) }
    },
  }
}

function encode(topics: readonly string[] | 'all'): ByteWriter {
  const writer = new ByteWriter()
  if (topics === 'all') return writer.int32(ALL_TOPICS).int8(0)
  return writer.array(topics, (topic) => writer.string(topic)).int8(0)
}

function encodeFlexible(topics: readonly string[] | 'all'): ByteWriter {
  const writer = new ByteWriter().noTags()
  if (topics === 'all') writer.unsignedVarint(ALL_TOPICS + 1)
  else writer.compactArray(topics, (topic) => writer.raw(NO_TOPIC_ID).compactString(topic).noTags())
  return writer.int8(0).int8(0).int8(0).noTags()
}

/** The length of no list, in place of an empty one. */
const ALL_TOPICS = -1
const NO_TOPIC_ID = new Uint8Array(16)

function read(reader: ByteReader): ClusterMetadata {
  const brokers = reader.array(() => {
    const broker = { nodeId: reader.int32(), host: reader.string(), port: reader.int32() }
    reader.nullableString()
    return broker
  })
  reader.nullableString()
  return { brokers, controllerId: reader.int32(), topics: reader.array(() => readTopic(reader)) }
}

function readTopic(reader: ByteReader): TopicMetadata {
  const errorCode = reader.int16()
  const topic = reader.string()
  const isInternal = reader.int8() === 1
  const partitions = reader.array(() => {
    reader.position += 2
    const partition = { partition: reader.int32(), leader: reader.int32() }
    for (let list = 0; list < 3; list++) reader.array(() => reader.int32())
    return partition
  })
  return { topic, errorCode, topicId: undefined, isInternal, partitions }
}

function readFlexible(reader: ByteReader): ClusterMetadata {
  const brokers = reader.compactArray(() => {
    const broker = { nodeId: reader.int32(), host: reader.compactString(), port: reader.int32() }
    reader.compactString()
    reader.skipTags()
    return broker
  })
  reader.compactString()
  return {
    brokers,
    controllerId: reader.int32(),
    topics: reader.compactArray(() => readFlexibleTopic(reader)),
  }
}

function readFlexibleTopic(reader: ByteReader): TopicMetadata {
  const errorCode = reader.int16()
  const topic = reader.compactString()
  const topicId = reader.raw(16).toString('hex')
  const isInternal = reader.int8() === 1
  const partitions = reader.compactArray(() => {
    reader.position += 2
    const partition = { partition: reader.int32(), leader: reader.int32() }
    reader.position += 4
    for (let list = 0; list < 3; list++) reader.compactArray(() => reader.int32())
    reader.skipTags()
    return partition
  })
  reader.position += 4
  reader.skipTags()
  return { topic, errorCode, topicId, isInternal, partitions }
}
