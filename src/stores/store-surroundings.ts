import type { Reader } from '../database/transaction.ts'
import type { KeptTime } from './contract/kept-time.ts'

/** What every store of a task is opened with. */
export interface StoreSurroundings {
  readonly partition: number
  readonly reader: Reader
  /** Memory for the rows of one store, as of now. */
  readonly cacheBytesMax: () => number
  /** A time that is kept with the task's state. */
  time(name: string): KeptTime
  /** Told of each row that was put too late to be kept. */
  expired(store: string): void
}
