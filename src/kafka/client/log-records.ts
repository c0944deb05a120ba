import type { StreamsError } from '../../errors/streams-error.ts'
import type { ConsumedRecord } from '../../model/record.ts'
import type { FetchedRecords } from '../fetched-records.ts'
import type { RecordsReader } from '../record-batch/records-reader.ts'

/** Records of several batches, each taken apart by a reader of its own. */
export class LogRecords implements FetchedRecords {
  readonly bytes: number
  #count: number
  readonly #readers: RecordsReader[]
  readonly #describe: (error: unknown) => StreamsError

  /** @param describe What to throw for bytes that are no records. */
  constructor(readers: readonly RecordsReader[], describe: (error: unknown) => StreamsError) {
    this.#readers = [...readers]
    this.#describe = describe
    this.bytes = readers.reduce((sum, reader) => sum + reader.bytes, 0)
    this.#count = readers.reduce((sum, reader) => sum + reader.count, 0)
  }

  get count(): number {
    return this.#count
  }

  take(max: number): ConsumedRecord[] {
    const records: ConsumedRecord[] = []
    try {
      while (records.length < max && this.#readers.length > 0) this.#takeFrom(records, max)
    } catch (error) {
      throw this.#describe(error)
    }
    this.#count -= records.length
    return records
  }

  #takeFrom(records: ConsumedRecord[], max: number): void {
    const reader = this.#readers[0]!
    while (records.length < max && reader.count > 0) records.push(reader.next())
    if (reader.count === 0) this.#readers.shift()
  }
}
