import type { Database } from '../database/database.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TopicPartition } from '../model/topic-partition.ts'
import type { ResolvedOptions } from '../runtime/streams-options.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { RunnableTopology } from '../topology/runnable-topology.ts'
import { OutputReader } from './output-reader.ts'
import { topicsRead } from './topics-read.ts'

/** The driver's own way to the broker and the database of the application that it tests. */
export interface TestSurroundings {
  readonly kafka: Kafka
  readonly database: Database
  readonly reader: OutputReader
  /** Partitions of every topic that is read or written. */
  readonly partitionsOf: ReadonlyMap<string, number>
  /** Idempotent. */
  close(): Promise<void>
}

/** What {@link openSurroundings} needs to know. */
export interface SurroundingsOptions {
  readonly topology: RunnableTopology
  readonly options: ResolvedOptions
  readonly logger: Logger
  /** Of topics that are made. */
  readonly partitions: number
}

/** Connects, makes the topics that the topology reads and writes, and starts to read its output. */
export async function openSurroundings(parts: SurroundingsOptions): Promise<TestSurroundings> {
  const { applicationId, kafka: adapter, database: store, schema } = parts.options
  const kafka = await adapter.open({ clientId: `${applicationId}-driver`, logger: parts.logger })
  try {
    const partitionsOf = await makeTopics(kafka, parts)
    const outputs = partitionsIn(parts.topology.outputTopics, partitionsOf)
    const reader = new OutputReader(kafka, `${applicationId}-driver`, outputs)
    await reader.start()
    const database = await store.open({ schema, logger: parts.logger })
    const close = async (): Promise<void> => {
      await kafka.close()
      await database.close()
    }
    return { kafka, database, reader, partitionsOf, close }
  } catch (error) {
    await kafka.close()
    throw error
  }
}

async function makeTopics(
  kafka: Kafka,
  { topology, partitions }: SurroundingsOptions,
): Promise<Map<string, number>> {
  const topics = [...new Set([...topicsRead(topology), ...topology.outputTopics])]
  await kafka.createTopics(topics.map((topic) => ({ topic, partitions })))
  const described = await kafka.describeTopics(topics)
  return new Map([...described].map(([topic, description]) => [topic, description.partitions]))
}

function partitionsIn(
  topics: readonly string[],
  partitionsOf: ReadonlyMap<string, number>,
): TopicPartition[] {
  return topics.flatMap((topic) =>
    Array.from({ length: partitionsOf.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
  )
}
