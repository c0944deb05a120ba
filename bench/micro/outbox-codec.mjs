import { decodeOutbox, encodeOutbox } from '../../dist/commit/outbox-codec.js'
import { NO_HEADERS } from '../../dist/model/headers.js'
import { WORDS } from './data.mjs'

const value = Buffer.alloc(8, 1)
const records = WORDS.map((word, index) => ({
  topic: 'word-counts',
  partition: index % 4,
  timestamp: 1_700_000_000_000 + index,
  key: Buffer.from(word),
  value,
  headers: NO_HEADERS,
}))
const parts = encodeOutbox(records)

/** @type {import('./micro.mjs').Micro[]} */
export const outboxCodec = [
  {
    name: 'outbox: encode a record',
    operations: records.length,
    run: () => encodeOutbox(records).length,
  },
  {
    name: 'outbox: decode a record',
    operations: records.length,
    run: () => parts.reduce((sum, part) => sum + decodeOutbox(part).length, 0),
  },
]
