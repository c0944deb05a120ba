import { describe, expect, test } from '@jest/globals'
import { MemoryLog } from '../../../src/kafka/memory/memory-log.ts'
import { MemoryTransaction } from '../../../src/kafka/memory/memory-transaction.ts'
import { NO_HEADERS } from '../../../src/model/headers.ts'

const log = () => new MemoryLog()

function append(to: MemoryLog, key: string, value: string, transaction?: MemoryTransaction): void {
  const bytes = { key: Buffer.from(key), value: Buffer.from(value) }
  to.append({ topic: 't', partition: 0, timestamp: 0, headers: NO_HEADERS, ...bytes }, transaction)
}

/** Offset and value of each record that is there, whatever became of its transaction. */
function contents(of: MemoryLog): string[] {
  const { records } = of.read(0n, { limit: 100, readCommitted: false })
  return records.map(({ offset, value }) => `${offset} ${Buffer.from(value!).toString()}`)
}

describe('compacting a log in memory', () => {
  test('leaves the last record of each key at its offset', () => {
    const compacted = log()
    for (const [key, value] of ['a1', 'b1', 'a2', 'c1', 'a3']) append(compacted, key!, value!)
    compacted.compact()
    expect(contents(compacted)).toEqual(['1 1', '3 1', '4 3'])
    expect(compacted.range).toEqual({ start: 0n, end: 5n })
  })

  test('goes as far as all transactions are decided, and takes none for the last that was aborted', () => {
    const compacted = log()
    const [aborted, open] = [new MemoryTransaction(), new MemoryTransaction()]
    append(compacted, 'a', 'committed')
    append(compacted, 'a', 'aborted', aborted)
    aborted.end(false)
    append(compacted, 'a', 'open', open)
    append(compacted, 'a', 'last')
    compacted.compact()
    expect(contents(compacted)).toEqual(['0 committed', '3 open', '4 last'])
  })
})
