import type { ConsumedRecord } from '../model/record.ts'

/** A record of an output topic, not decoded. */
export interface OutputRecord extends ConsumedRecord {
  readonly partition: number
}

/** The records of an output topic that a test has not taken yet, in the order in which they came. */
export class OutputQueue {
  #records: OutputRecord[] = []
  #taken = 0

  get size(): number {
    return this.#records.length - this.#taken
  }

  add(record: OutputRecord): void {
    this.#records.push(record)
  }

  /** The first record; `undefined` when there is none. */
  take(): OutputRecord | undefined {
    const record = this.#records[this.#taken]
    if (record) this.#taken++
    // `shift` would move all others each time.
    if (this.#taken === this.#records.length) this.#clear()
    return record
  }

  #clear(): void {
    this.#records = []
    this.#taken = 0
  }
}
