import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { RecordSender } from '../../../src/kafka/client/record-sender.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import type { EncodedRecords } from '../../../src/kafka/record-batch/encoded-records.ts'
import { ProduceBroker, type ProduceFault } from '../../support/produce-broker.ts'

const PARTITIONS = 2
const identity = { transactionalId: null, producerId: 1n, producerEpoch: 0 }

/** Batches of so many records in turn, and the names of the records of each partition. */
function batches(counts: readonly (readonly [partition: number, count: number])[], size = 40_000) {
  const names: string[][] = Array.from({ length: PARTITIONS }, () => [])
  const records = counts.flatMap(([partition, count], batch): EncodedRecords[] => {
    const ofBatch = Array.from({ length: count }, (_, i) => `${batch}/${i}`)
    names[partition]!.push(...ofBatch)
    return encodeRecords(
      ofBatch.map((name) => ({
        ...{ topic: 'topic', partition, timestamp: 0, key: null, headers: [] },
        value: Buffer.from(name.padEnd(size)),
      })),
    )
  })
  return { records, names }
}

const fault = fc.constantFrom<ProduceFault | undefined>(
  undefined,
  'request-lost',
  'answer-lost',
  'not-leader',
)

describe('a record sender', () => {
  test('whatever is lost on the way, every record is in its log once and in order', async () => {
    const counts = fc.array(fc.tuple(fc.nat(PARTITIONS - 1), fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 16,
      size: 'max',
    })
    await fc.assert(
      fc.asyncProperty(counts, fc.array(fault, { maxLength: 6 }), async (some, faults) => {
        const broker = new ProduceBroker(PARTITIONS, faults)
        const { records, names } = batches(some)
        await new RecordSender(broker.brokers, identity).send(records, 10_000)
        expect(broker.logs).toEqual(names)
      }),
      { numRuns: 30 },
    )
  }, 60_000)

  test('has as many batches of a partition on their way as a broker remembers, and no more', async () => {
    const broker = new ProduceBroker(PARTITIONS)
    const { records } = batches(Array.from({ length: 12 }, () => [0, 1]))
    await new RecordSender(broker.brokers, identity).send(records, 10_000)
    expect(broker.inFlightMax).toBe(5)
  })

  test('goes on behind what it sent before', async () => {
    const broker = new ProduceBroker(PARTITIONS)
    const sender = new RecordSender(broker.brokers, identity)
    const { records, names } = batches([
      [0, 2],
      [1, 1],
      [0, 3],
    ])
    for (const one of records) await sender.send([one], 10_000)
    expect(broker.logs).toEqual(names)
  })

  test('halves the batches that a topic does not take, wherever they are in a row', async () => {
    const broker = new ProduceBroker(PARTITIONS)
    broker.batchBytesMax = 500
    const { records, names } = batches(
      [
        [0, 1],
        [0, 9],
        [0, 1],
        [0, 8],
      ],
      100,
    )
    await new RecordSender(broker.brokers, identity).send(records, 10_000)
    expect(broker.logs).toEqual(names)
  })

  test('a record that is larger than a topic takes is refused', async () => {
    const broker = new ProduceBroker(PARTITIONS)
    broker.batchBytesMax = 500
    const sent = new RecordSender(broker.brokers, identity).send(
      batches([[0, 1]], 600).records,
      100,
    )
    await expect(sent).rejects.toMatchObject({ code: 'PRODUCTION_REFUSED' })
  })
})
