import { readRecordBatches } from '../../dist/kafka/record-batch/batch-reader.js'
import { writeBatch } from '../../dist/kafka/record-batch/batch-writer.js'
import { ByteWriter } from '../../dist/kafka/record-batch/byte-writer.js'
import { RecordsEncoder } from '../../dist/kafka/record-batch/records-encoder.js'
import { readRecords } from '../../dist/kafka/record-batch/records-reader.js'
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
const encoded = encode()
const batch = write()

/** @type {import('./pieces.mjs').Micro[]} */
export const recordBatch = [
  { name: 'record batch: encode a record', operations: records.length, run: () => encode().length },
  { name: 'record batch: send a record', operations: records.length, run: () => write().length },
  { name: 'record batch: read a record', operations: records.length, run: read },
]

function encode() {
  const encoder = new RecordsEncoder({ topic: 'words-repartition', partition: 0 })
  for (const record of records) encoder.add(record)
  return encoder.seal()
}

function write() {
  const writer = new ByteWriter(2_000_000)
  for (const one of encoded) writeBatch(writer, one, producer)
  return writer.bytes()
}

function read() {
  const batches = readRecordBatches(batch)
  return batches.reduce((sum, one) => sum + readRecords(one, one.records, 0n).length, 0)
}
