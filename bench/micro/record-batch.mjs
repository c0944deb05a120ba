import { ByteWriter } from '../../dist/kafka/client/wire/byte-writer.js'
import { readRecordBatches, readRecords } from '../../dist/kafka/client/wire/record-batch-reader.js'
import { writeRecordBatch } from '../../dist/kafka/client/wire/record-batch-writer.js'
import { WORDS } from './data.mjs'

const value = Buffer.alloc(8, 1)
const headers = /** @type {const} */ ([['rowstream-partial', Uint8Array.of(1)]])
const records = WORDS.map((word, index) => ({
  topic: 'words-repartition',
  partition: 0,
  timestamp: 1_700_000_000_000 + index,
  key: Buffer.from(word),
  value,
  headers,
}))
const producer = { producerId: 1n, producerEpoch: 0, firstSequence: 0, isTransactional: true }
const batch = write()

/** @type {import('./micro.mjs').Micro[]} */
export const recordBatch = [
  { name: 'record batch: write a record', operations: records.length, run: () => write().length },
  { name: 'record batch: read a record', operations: records.length, run: read },
]

function write() {
  const writer = new ByteWriter(2_000_000)
  writeRecordBatch(writer, records, { from: 0, to: records.length }, producer)
  return writer.bytes()
}

function read() {
  const batches = readRecordBatches(batch)
  return batches.reduce((sum, one) => sum + readRecords(one, one.records, 0n).length, 0)
}
