import { listRecords } from '../../dist/kafka/fetched-records.js'
import { PartitionQueue } from '../../dist/runtime/task/partition-queue.js'
import { WORDS } from './data.mjs'

const BATCH_RECORDS = 500
const HEADERS = /** @type {const} */ ([])

const records = WORDS.map((word, index) => ({
  ...{ offset: BigInt(index), timestamp: 1_700_000_000_000, headers: HEADERS },
  ...{ key: Buffer.from(word), value: null },
}))
const batches = Array.from({ length: records.length / BATCH_RECORDS }, (_, batch) =>
  records.slice(batch * BATCH_RECORDS, (batch + 1) * BATCH_RECORDS),
)
/** Decoding costs nothing: what is measured is the queue. */
const decoded = { key: 'key', value: 'value', timestamp: 0, headers: HEADERS }

/** @type {import('./pieces.mjs').Micro} */
export const partitionQueue = {
  name: 'queue: a record in and out',
  operations: records.length,
  run,
}

function run() {
  const end = BigInt(records.length)
  const queue = new PartitionQueue({ topic: 'words', partition: 0 }, 0n, end)
  for (const [index, batch] of batches.entries())
    queue.add({
      ...{ topic: 'words', partition: 0, records: listRecords(batch), endOffset: end },
      nextOffset: BigInt((index + 1) * BATCH_RECORDS),
    })
  let taken = 0
  while (queue.refill(() => decoded)) {
    while (queue.shift()) taken++
  }
  return taken
}
