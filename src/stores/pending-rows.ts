import type { Cell } from '../model/cell.ts'
import { comparePlaces } from './bucket.ts'
import { cacheKey } from './cache-entry.ts'

/** Where a row is: its key, and its place among the rows of that key. */
export interface RowPlace {
  readonly keyCell: Cell
  readonly at: readonly number[]
}

/** The keys that have a row at one place. */
interface PendingPlace {
  readonly at: readonly number[]
  readonly keys: Map<unknown, Cell>
}

/** Where the rows are that nobody has taken yet, in the order of their places: what a window's close has still to emit. */
export class PendingRows {
  readonly #bytesOf: (keyCell: Cell) => Uint8Array
  readonly #places: PendingPlace[] = []

  /** @param bytesOf Rows at one place are in the order of these. */
  constructor(bytesOf: (keyCell: Cell) => Uint8Array) {
    this.#bytesOf = bytesOf
  }

  add({ keyCell, at }: RowPlace): void {
    const index = this.#indexOf(at)
    const place = this.#placeAt(index, at)
    if (place) place.keys.set(cacheKey(keyCell), keyCell)
    else this.#places.splice(index, 0, { at, keys: new Map([[cacheKey(keyCell), keyCell]]) })
  }

  delete({ keyCell, at }: RowPlace): void {
    const index = this.#indexOf(at)
    const place = this.#placeAt(index, at)
    if (place?.keys.delete(cacheKey(keyCell)) && place.keys.size === 0)
      this.#places.splice(index, 1)
  }

  /** Takes all whose place begins with this number or a lower one. */
  take(until: number): RowPlace[] {
    const end = this.#indexOf([until + 1])
    return end === 0 ? [] : this.#places.splice(0, end).flatMap((place) => this.#rowsOf(place))
  }

  #rowsOf({ at, keys }: PendingPlace): RowPlace[] {
    const rows = [...keys.values()].map((keyCell) => ({ keyCell, at }))
    if (rows.length === 1) return rows
    return rows
      .map((row) => ({ row, bytes: this.#bytesOf(row.keyCell) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
      .map(({ row }) => row)
  }

  #placeAt(index: number, at: readonly number[]): PendingPlace | undefined {
    const place = this.#places[index]
    return place && comparePlaces(place.at, at) === 0 ? place : undefined
  }

  /** The index of the first place that is not before this one. */
  #indexOf(at: readonly number[]): number {
    let [low, high] = [0, this.#places.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (comparePlaces(this.#places[middle]!.at, at) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
