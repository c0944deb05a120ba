import type { MemorySchema } from '../../../src/database/memory/memory-schema.ts'
import type { MemoryBroker } from '../../../src/kafka/memory/memory-broker.ts'
import type { OutgoingRecord } from '../../../src/model/record.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import type { Random } from '../../support/random.ts'

/** A record of the input, and when it is written. */
export interface Entry extends OutgoingRecord {
  readonly text: string
  readonly keyText: string
  /** Milliseconds after the beginning. */
  readonly at: number
}

/** What of the world is looked at. */
export interface Observed {
  readonly broker: MemoryBroker
  readonly schema: MemorySchema
}

/** How much is written. */
export interface EntryOptions {
  readonly partitions: number
  readonly count: number
  readonly overMs: number
}

/** An application whose result can be told exactly from what is written to it, whatever happens to it on the way. */
export interface Workload {
  /** That it reads and writes. */
  readonly topics: readonly string[]
  topology(): Topology
  /** What is written to the topics that it reads, in order. */
  createEntries(random: Random, options: EntryOptions): Entry[]
  /** What of its rows has to be true after each COMMIT: what is not is told, in words. */
  checkRows(this: void, observed: Observed): string[]
  /** What has to be true when everything has come to its end: what is not is told, in words. */
  check(entries: readonly Entry[], observed: Observed): string[]
}
