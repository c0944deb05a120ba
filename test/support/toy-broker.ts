import type { KafkaTransaction } from '../../src/kafka/transactional-producer.ts'
import type { OutgoingRecord } from '../../src/model/record.ts'
import type { TopicPartition } from '../../src/model/topic-partition.ts'

/** What happens to the next Kafka transaction. */
export interface TransactionFault {
  readonly error: Error
  /** Whether what it sent becomes visible all the same. */
  readonly committed: boolean
}

/** What toy consumers and producers know of their Kafka. */
export interface ToyBroker {
  readonly epochs: ReadonlyMap<string, number>
  readonly faults: TransactionFault[]
  readonly refuses: (record: OutgoingRecord) => boolean
  log(partition: TopicPartition): OutgoingRecord[]
  commit(transactionalId: string, transaction: KafkaTransaction): void
  hang(): Promise<void>
  /** Answers to EndTxn come once this has resolved. */
  readonly answersWaitFor: Promise<void> | undefined
}
