import type { Row, Table } from '../database/table.ts'
import type { Cell, JsonValue } from '../model/cell.ts'
import type { Serde } from '../serdes/serde.ts'
import { BufferStore, bytesAsText, type BufferLayout } from './buffer-store.ts'
import type { SuppressBufferStoreDefinition } from './contract/store-definition.ts'
import type {
  ChangeToSuppress,
  SuppressBuffer,
  SuppressedChange,
} from './contract/suppress-buffer.ts'
import { headersCell, headersOf } from './headers-cell.ts'
import { originCells, originOf } from './origin-cells.ts'
import { checkTimestamp } from './row-limits.ts'
import { StoreCells } from './store-cells.ts'
import type { StoreSurroundings } from './store-surroundings.ts'
import { storeTable } from './store-table.ts'

/** The time, the timestamp and the offset of a record, and its partition: what Kafka Streams counts besides keys and values. */
const PLACE_BYTES = 8 + 8 + 8 + 4
/** Which column says it. */
const BYTES = 8

/** Changes that are held back, in memory and in a table. */
export class TableSuppressBuffer extends BufferStore<SuppressedChange> implements SuppressBuffer {
  readonly #definition: SuppressBufferStoreDefinition
  readonly #byKey = new Map<string, SuppressedChange>()
  #bytes = 0

  constructor(definition: SuppressBufferStoreDefinition, surroundings: StoreSurroundings) {
    super(new SuppressLayout(definition), surroundings.partition, surroundings.reader)
    this.#definition = definition
  }

  get size(): number {
    return this.#byKey.size
  }

  get bytes(): number {
    return this.#bytes
  }

  override async open(): Promise<void> {
    await super.open()
    for (let change = this.first(); change; change = this.after(change.key)) this.#remember(change)
  }

  first(): SuppressedChange | undefined {
    return this.after()
  }

  put({ time, ...change }: ChangeToSuppress): void {
    const keyBytes = this.#definition.key.serialize(change.recordKey)
    const bytes = bytesAsText(keyBytes)
    const held = this.#byKey.get(bytes)
    const priorValue = held ? held.priorValue : change.oldValue
    const size = sizeOf(this.#definition, keyBytes, { ...change, priorValue })
    const key = held ? held.key : { time, bytes, seq: 0 }
    const entry = { ...change, key, priorValue, bytes: size }
    this.set(entry)
    this.#remember(entry)
  }

  remove(change: SuppressedChange): void {
    this.delete(change)
    this.#bytes -= change.bytes
    this.#byKey.delete(change.key.bytes)
  }

  get(key: unknown): { readonly value: SuppressedChange; readonly timestamp: number } | undefined {
    const held = this.#byKey.get(bytesAsText(this.#definition.key.serialize(key)))
    return held && { value: held, timestamp: -1 }
  }

  #remember(change: SuppressedChange): void {
    this.#bytes += change.bytes - (this.#byKey.get(change.key.bytes)?.bytes ?? 0)
    this.#byKey.set(change.key.bytes, change)
  }
}

/** A row whose values have become others, with the bytes that they have now. */
export function withBytes(definition: SuppressBufferStoreDefinition, row: Row): Row {
  const change = new SuppressLayout(definition).fromRow(row)
  const bytes = sizeOf(definition, definition.key.serialize(change.recordKey), change)
  return row.with(BYTES, bytes)
}

/** What of a change is counted. */
type SizedChange = Omit<SuppressedChange, 'key' | 'recordKey' | 'timestamp' | 'bytes'>

/** As Kafka Streams counts the bytes of a change; 0 where nobody asks. */
function sizeOf(
  { countsBytes, value }: SuppressBufferStoreDefinition,
  key: Uint8Array,
  change: SizedChange,
): number {
  return countsBytes ? key.length + valueBytes(value, change) + placeBytes(change) : 0
}

/** An old value that is equal to the prior one is counted once. */
function valueBytes(serde: Serde<unknown>, change: SizedChange): number {
  const [prior, old, now] = [change.priorValue, change.oldValue, change.newValue].map((value) =>
    value === null ? Buffer.alloc(0) : Buffer.from(serde.serialize(value)),
  ) as [Buffer, Buffer, Buffer]
  return prior.length + (old.equals(prior) ? 0 : old.length) + now.length
}

function placeBytes({ headers, origin }: SizedChange): number {
  const ofHeaders = headers.reduce(
    (sum, [name, value]) => sum + name.length + (value?.length ?? 0),
    0,
  )
  return PLACE_BYTES + (origin?.position.topic.length ?? 0) + ofHeaders
}

class SuppressLayout implements BufferLayout<SuppressedChange> {
  readonly table: Table
  readonly #key: Serde<unknown>
  readonly #cells: StoreCells<unknown, unknown>

  constructor(definition: SuppressBufferStoreDefinition) {
    this.table = storeTable(definition)
    this.#key = definition.key
    this.#cells = new StoreCells(definition)
  }

  toCells(change: SuppressedChange): readonly Cell[] {
    checkTimestamp(this.table.name, change.key.time)
    checkTimestamp(this.table.name, change.timestamp)
    const { newValue, oldValue, priorValue, timestamp, headers, bytes, origin } = change
    const values = [newValue, oldValue, priorValue].map((value) =>
      value === null ? null : this.#cells.valueCell(value),
    )
    const place = [...this.placeCells(change), ...values, timestamp, headersCell(headers), bytes]
    return [...place, ...originCells(origin)]
  }

  placeCells({ key, recordKey }: SuppressedChange): readonly Cell[] {
    return [key.time, this.#cells.keyCell(recordKey)]
  }

  fromRow(row: Row): SuppressedChange {
    const [, time, keyCell, now, old, prior, timestamp, headers, bytes, ...place] = row
    const recordKey = this.#cells.keyOf(keyCell!)
    const [newValue, oldValue, priorValue] = [now, old, prior].map((cell = null) =>
      cell === null ? null : this.#cells.valueOf(cell),
    )
    return {
      key: { time: time as number, bytes: bytesAsText(this.#key.serialize(recordKey)), seq: 0 },
      ...{ recordKey, newValue, oldValue, priorValue },
      timestamp: timestamp as number,
      headers: headersOf(headers as JsonValue),
      bytes: bytes as number,
      origin: originOf(place),
    }
  }
}
