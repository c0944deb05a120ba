import { decodeOutbox, encodeOutbox } from '../../dist/commit/outbox-codec.js'
import { encodeRecords } from '../../dist/kafka/record-batch/encode-records.js'
import { NO_HEADERS } from '../../dist/model/headers.js'
import { WORDS } from './data.mjs'

const value = Buffer.alloc(8, 1)
const records = encodeRecords(
  WORDS.map((word, index) => ({
    topic: 'word-counts',
    partition: index % 4,
    timestamp: 1_700_000_000_000 + index,
    key: Buffer.from(word),
    value,
    headers: NO_HEADERS,
  })),
)
const parts = encodeOutbox(records)

/** @type {import('./pieces.mjs').Micro[]} */
export const outboxCodec = [
  {
    name: 'outbox: pack an encoded record',
    operations: WORDS.length,
    run: () => encodeOutbox(records).length,
  },
  {
    name: 'outbox: unpack an encoded record',
    operations: WORDS.length,
    run: () => parts.reduce((sum, part) => sum + decodeOutbox(part).length, 0),
  },
]
