import type { Kafka } from '../../../../src/kafka/kafka.ts'
import { encodeRecords } from '../../../../src/kafka/record-batch/encode-records.ts'
import type { OutgoingRecord } from '../../../../src/model/record.ts'
import { createGate } from './gate.ts'
import { uniqueName } from './names.ts'

/** A transaction whose records are written and which nobody has decided yet. */
export interface OpenTransaction {
  commit(): Promise<void>
  /** By fencing its producer; the port has no other way. */
  abort(): Promise<void>
}

/** Writes records in a transaction of a producer of its own and stops before its end. */
export async function openTransaction(
  kafka: Kafka,
  records: readonly OutgoingRecord[],
): Promise<OpenTransaction> {
  const transactionalId = uniqueName('tx')
  const producer = await kafka.transactionalProducer(transactionalId)
  const [written, decided] = [createGate(), createGate()]
  const beforeEnd = async (): Promise<void> => {
    written.open()
    await decided.passed
  }
  const ended = producer.transact({
    records: encodeRecords(records),
    groupId: 'none',
    offsets: [],
    beforeEnd,
  })
  const end = ended.finally(() => producer.close())
  end.catch(() => undefined)
  await Promise.race([written.passed, end])
  return {
    commit: async () => {
      decided.open()
      await end
    },
    abort: async () => {
      await kafka.fence(transactionalId)
      decided.open()
      await end.catch(() => undefined)
    },
  }
}
