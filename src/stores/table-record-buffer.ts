import type { Row, Table } from '../database/table.ts'
import type { Cell, JsonValue } from '../model/cell.ts'
import type { RecordPosition } from '../model/record.ts'
import type { StreamRecord } from '../model/stream-record.ts'
import type { Serde } from '../serdes/serde.ts'
import { BufferStore, bytesAsText, type BufferLayout } from './buffer-store.ts'
import type { RecordBuffer, WaitingRecord } from './contract/record-buffer.ts'
import type { RecordBufferStoreDefinition } from './contract/store-definition.ts'
import { headersCell, headersOf } from './headers-cell.ts'
import { positionCells, positionOf } from './position-cells.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'

/** The records of a stream that wait for the rows of their times, in memory and in a table. */
export class TableRecordBuffer extends BufferStore<WaitingRecord> implements RecordBuffer {
  readonly #key: Serde<unknown>

  constructor(definition: RecordBufferStoreDefinition, { partition, reader }: StoreSurroundings) {
    super(new RecordBufferLayout(definition), partition, reader)
    this.#key = definition.key
  }

  add(
    { key: recordKey, value, timestamp: time, headers }: StreamRecord,
    position?: RecordPosition,
  ): void {
    const bytes = bytesAsText(this.#key.serialize(recordKey))
    const last = this.at(time, bytes).at(-1)
    const seq = last ? last.key.seq + 1 : 0
    this.set({ key: { time, bytes, seq }, recordKey, value, headers, position })
  }

  first(): WaitingRecord | undefined {
    return this.after()
  }

  remove(record: WaitingRecord): void {
    this.delete(record)
  }
}

class RecordBufferLayout implements BufferLayout<WaitingRecord> {
  readonly table: Table
  readonly #key: Serde<unknown>
  readonly #cells: StoreCells<unknown, unknown>

  constructor(definition: RecordBufferStoreDefinition) {
    this.table = storeTable(definition)
    this.#key = definition.key
    this.#cells = new StoreCells(definition)
  }

  toCells(record: WaitingRecord): readonly Cell[] {
    checkTimestamp(this.table.name, record.key.time)
    const { value, headers, position } = record
    return [
      ...this.placeCells(record),
      this.#cells.valueCell(value),
      headersCell(headers),
      ...positionCells(position),
    ]
  }

  placeCells({ key, recordKey }: WaitingRecord): readonly Cell[] {
    return [key.time, this.#cells.keyCell(recordKey), key.seq]
  }

  fromRow([, time, keyCell, seq, value, headers, ...place]: Row): WaitingRecord {
    const recordKey = this.#cells.keyOf(keyCell!)
    const bytes = bytesAsText(this.#key.serialize(recordKey))
    return {
      key: { time: time as number, bytes, seq: seq as number },
      recordKey,
      value: this.#cells.valueOf(value!),
      headers: headersOf(headers as JsonValue),
      position: positionOf(place),
    }
  }
}
