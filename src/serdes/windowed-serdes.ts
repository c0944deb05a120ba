import type { Cell } from '../model/cell.ts'
import type { Windowed } from '../model/windowed.ts'
import { bytesSerde } from './bytes-serde.ts'
import { int64ToNumber, numberToInt64 } from './int64-bytes.ts'
import type { Serde } from './serde.ts'

const TIME_BYTES = 8

/** A serde of windowed keys: their bytes, but for the times at the end, are those of the key without windows. */
type WindowedCodec<K> = Pick<Serde<Windowed<K>>, 'serialize' | 'deserialize'> & {
  readonly times: number
}

/**
 * Keys of time windows, as Kafka's `WindowedSerdes.timeWindowedSerdeFrom` writes them: the key, then the start.
 *
 * The end is not written: reading adds the size to the start. For sliding windows that is their difference; without a size
 * windows are unlimited.
 */
export function timeWindowedSerde<K>(key: Serde<K>, sizeMs = Infinity): Serde<Windowed<K>> {
  return windowedSerde(`time-windowed(${key.name}, ${sizeMs})`, {
    times: 1,
    serialize: (windowed) => joined(key.serialize(windowed.key), [windowed.start]),
    deserialize: (bytes) => {
      const [inner, [start = 0]] = split(bytes, 1)
      return { key: key.deserialize(inner), start, end: start + sizeMs }
    },
  })
}

/** Keys of sessions, as Kafka's `WindowedSerdes.sessionWindowedSerdeFrom` writes them: the key, then the end, then the start. */
export function sessionWindowedSerde<K>(key: Serde<K>): Serde<Windowed<K>> {
  return windowedSerde(`session-windowed(${key.name})`, {
    times: 2,
    serialize: (windowed) => joined(key.serialize(windowed.key), [windowed.end, windowed.start]),
    deserialize: (bytes) => {
      const [inner, [end = 0, start = 0]] = split(bytes, 2)
      return { key: key.deserialize(inner), start, end }
    },
  })
}

/**
 * In a bytes column: no other holds a key and times, and sorts them as Kafka does. All windows of a key go to the partition of
 * that key, as with Kafka's `WindowedStreamPartitioner`.
 */
function windowedSerde<K>(name: string, { times, ...codec }: WindowedCodec<K>): Serde<Windowed<K>> {
  return Object.freeze({
    name,
    ...codec,
    partitionBytes: (key: Uint8Array) => split(key, times)[0],
    column: Object.freeze({
      type: bytesSerde.column.type,
      toCell: (windowed: Windowed<K>): Cell => codec.serialize(windowed),
      fromCell: (cell: Cell) => codec.deserialize(bytesSerde.column.fromCell(cell)),
    }),
  })
}

function joined(key: Uint8Array, times: readonly number[]): Uint8Array {
  return Buffer.concat([key, ...times.map(numberToInt64)])
}

function split(bytes: Uint8Array, count: number): [key: Uint8Array, times: readonly number[]] {
  const end = bytes.length - count * TIME_BYTES
  if (end < 0) throw new TypeError(`${bytes.length} bytes are no windowed key`)
  const timeAt = (at: number) =>
    int64ToNumber(bytes.subarray(end + at * TIME_BYTES, end + (at + 1) * TIME_BYTES))
  return [bytes.subarray(0, end), Array.from({ length: count }, (_, at) => timeAt(at))]
}
