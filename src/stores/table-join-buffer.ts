import type { Row, Table } from '../database/table.ts'
import type { Cell } from '../model/cell.ts'
import type { Serde } from '../serdes/serde.ts'
import { BufferStore, bytesAsText, type BufferLayout } from './buffer-store.ts'
import type { BufferPlace } from './contract/buffer-place.ts'
import type { JoinBuffer, JoinSide, UnmatchedRecord } from './contract/join-buffer.ts'
import type { JoinBufferStoreDefinition } from './contract/store-definition.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'
import { checkTimestamp } from './row-limits.ts'

/** The records of a left or outer join that have found no partner, in memory and in a table. */
export class TableJoinBuffer extends BufferStore<UnmatchedRecord> implements JoinBuffer {
  readonly #key: JoinBufferStoreDefinition['key']

  constructor(definition: JoinBufferStoreDefinition, { partition, reader }: StoreSurroundings) {
    super(new JoinBufferLayout(definition), partition, reader)
    this.#key = definition.key
  }

  add(side: JoinSide, recordKey: unknown, time: number, value: unknown): void {
    const bytes = orderOf(side, this.#key.serialize(recordKey))
    const last = this.at(time, bytes).at(-1)
    const seq = last ? last.key.seq + 1 : 0
    this.set({ key: { time, bytes, seq }, side, recordKey, value })
  }

  remove(side: JoinSide, recordKey: unknown, time: number): void {
    this.#removeAll(time, orderOf(side, this.#key.serialize(recordKey)))
  }

  removeAt({ time, bytes }: BufferPlace): void {
    this.#removeAll(time, bytes)
  }

  #removeAll(time: number, bytes: string): void {
    for (const entry of this.at(time, bytes)) this.delete(entry)
  }
}

class JoinBufferLayout implements BufferLayout<UnmatchedRecord> {
  readonly table: Table
  readonly #key: Serde<unknown>
  readonly #cells: Readonly<Record<JoinSide, StoreCells<unknown, unknown>>>

  constructor(definition: JoinBufferStoreDefinition) {
    const { name, key, left, right } = definition
    this.table = storeTable(definition)
    this.#key = key
    this.#cells = {
      left: new StoreCells({ name, key, value: left }),
      right: new StoreCells({ name, key, value: right }),
    }
  }

  toCells(entry: UnmatchedRecord): readonly Cell[] {
    checkTimestamp(this.table.name, entry.key.time)
    const value = this.#cells[entry.side].valueCell(entry.value)
    const values = entry.side === 'left' ? [value, null] : [null, value]
    return [...this.placeCells(entry), ...values]
  }

  placeCells({ key, side, recordKey }: UnmatchedRecord): readonly Cell[] {
    return [key.time, side, this.#cells[side].keyCell(recordKey), key.seq]
  }

  fromRow([, time, of, keyCell, seq, left, right]: Row): UnmatchedRecord {
    const side = of as JoinSide
    const cells = this.#cells[side]
    const recordKey = cells.keyOf(keyCell!)
    const bytes = orderOf(side, this.#key.serialize(recordKey))
    return {
      key: { time: time as number, bytes, seq: seq as number },
      side,
      recordKey,
      value: cells.valueOf((side === 'left' ? left : right)!),
    }
  }
}

/** As Kafka Streams orders them: a byte for the side, then the key. */
function orderOf(side: JoinSide, key: Uint8Array): string {
  return `${side === 'left' ? '\u0001' : '\u0000'}${bytesAsText(key)}`
}
