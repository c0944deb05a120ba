import type { Kafka } from '../../../src/kafka/kafka.ts'
import type { TopicPartition } from '../../../src/model/topic-partition.ts'
import { uniqueName } from './support/names.ts'

/** How to open the adapter under test. */
export interface SuiteOpenOptions {
  /** Answers of at most some hundred bytes for each partition, so that batches and transactions are cut anywhere. */
  readonly smallFetches?: boolean
}

/** What the parts of the suite share. */
export interface SuiteContext {
  /** Opened before the first test, closed after the last. */
  readonly kafka: Kafka
  /** A further client of the same cluster; closed after the last test. */
  open(options?: SuiteOpenOptions): Promise<Kafka>
  /** Compacts a topic now; absent where the broker does it by itself. */
  compact?(topic: string): void
}

/** Creates a topic of its own for a test and answers with its partitions. */
export async function createTopic(kafka: Kafka, partitions = 1): Promise<TopicPartition[]> {
  const topic = uniqueName('topic')
  await kafka.createTopics([{ topic, partitions }])
  return Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
}
