import type { Row } from '../database/table.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import type { BucketLayout } from './bucket-store.ts'
import { Bucket } from './bucket.ts'
import type { JoinPartner, JoinWindowStore } from './contract/join-window-store.ts'
import type { JoinWindowStoreDefinition } from './contract/store-definition.ts'
import { ExpiringStore } from './expiring-store.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** The records of one side of a stream-stream join: a bucket for each key, in it a row for each record, at its time and a number. */
export class JoinWindows implements JoinWindowStore<unknown, unknown>, TaskStore {
  readonly name: string
  readonly #layout: BucketLayout<unknown, unknown>
  readonly #rows: ExpiringStore<unknown, unknown>

  constructor(definition: JoinWindowStoreDefinition, surroundings: StoreSurroundings) {
    const cells = new StoreCells(definition)
    const layout = layoutOf(definition, cells)
    this.name = definition.name
    this.#layout = layout
    this.#rows = new ExpiringStore({ definition, cells, layout, surroundings })
  }

  get dirtyBytes(): number {
    return this.#rows.dirtyBytes
  }

  readAhead(keys: Iterable<unknown>): MaybePromise {
    return this.#rows.readAhead(keys)
  }

  seal(): SealedChanges {
    return this.#rows.seal()
  }

  check(key: unknown, timestamp: number, value: unknown): void {
    this.#layout.keyCell(key)
    this.#layout.toCells({ at: [timestamp, 0], value, timestamp })
  }

  add(key: unknown, timestamp: number, value: unknown): MaybePromise {
    const bucket = this.#rows.bucket(key)
    return bucket instanceof Bucket
      ? this.#add(bucket, timestamp, value)
      : bucket.then((read) => this.#add(read, timestamp, value))
  }

  fetch(key: unknown, from: number, to: number): MaybePromise<readonly JoinPartner<unknown>[]> {
    const bucket = this.#rows.bucket(key)
    return bucket instanceof Bucket
      ? this.#rows.between(bucket, from, to)
      : bucket.then((read) => this.#rows.between(read, from, to))
  }

  #add(bucket: Bucket<unknown>, timestamp: number, value: unknown): void {
    const last = bucket.between([timestamp], [timestamp]).at(-1)
    const seq = last ? last.at[1]! + 1 : 0
    this.#rows.put(bucket, { at: [timestamp, seq], value, timestamp })
  }
}

function layoutOf(
  definition: JoinWindowStoreDefinition,
  cells: StoreCells<unknown, unknown>,
): BucketLayout<unknown, unknown> {
  return {
    table: storeTable(definition),
    keyCell: (key) => cells.keyCell(key),
    toCells: ({ at, value, timestamp }) => {
      checkTimestamp(definition.name, timestamp)
      return [...at, cells.valueCell(value)]
    },
    placeCells: (at) => at,
    fromRow: ([, , timestamp, seq, value]: Row) => ({
      at: [timestamp as number, seq as number],
      value: cells.valueOf(value!),
      timestamp: timestamp as number,
    }),
  }
}
