import type { Headers } from '../../model/headers.ts'
import type { Serde, SerdeUse } from '../../serdes/serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { Change } from './change.ts'

/** The first byte of a change; another one would be another format. */
const VERSION = 1
const HAS_NEW = 1
const HAS_OLD = 2
/** Version, what there is, and the length of the new value. */
const HEAD_BYTES = 6

const NOTHING = new Uint8Array(0)

/**
 * Changes on their way through a repartition topic: both values, written by a serde of values. Kafka Streams has a format of
 * its own there; nobody else reads these topics.
 */
export function changeSerde(value: Serde<unknown>): Serde<unknown> {
  if (value === MISSING_SERDE) return value
  return Object.freeze({
    name: `change of ${value.name}`,
    serialize: (change: unknown, headers?: Headers) => {
      const { newValue, oldValue } = change as Change
      const bytesOf = (one: unknown) => (one === null ? undefined : value.serialize(one, headers))
      return encode(bytesOf(newValue), bytesOf(oldValue))
    },
    deserialize: (bytes: Uint8Array, headers?: Headers): Change => {
      const [newBytes, oldBytes] = decode(bytes)
      const valueOf = (one: Uint8Array | undefined) =>
        one === undefined ? null : value.deserialize(one, headers)
      return { newValue: valueOf(newBytes), oldValue: valueOf(oldBytes) }
    },
    column: MISSING_SERDE.column,
    ...(value.prepare && { prepare: (use: SerdeUse) => value.prepare!(use) }),
  })
}

type Both = readonly [newBytes: Uint8Array | undefined, oldBytes: Uint8Array | undefined]

function encode(newBytes: Uint8Array | undefined, oldBytes: Uint8Array | undefined): Uint8Array {
  const newLength = newBytes?.length ?? 0
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + newLength + (oldBytes?.length ?? 0))
  bytes[0] = VERSION
  bytes[1] = (newBytes ? HAS_NEW : 0) | (oldBytes ? HAS_OLD : 0)
  bytes.writeUInt32BE(newLength, 2)
  bytes.set(newBytes ?? NOTHING, HEAD_BYTES)
  bytes.set(oldBytes ?? NOTHING, HEAD_BYTES + newLength)
  return bytes
}

function decode(bytes: Uint8Array): Both {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length < HEAD_BYTES || view[0] !== VERSION)
    throw new TypeError('it is no change of a table, where only those should be')
  const flags = view[1]!
  const end = HEAD_BYTES + view.readUInt32BE(2)
  return [
    flags & HAS_NEW ? view.subarray(HEAD_BYTES, end) : undefined,
    flags & HAS_OLD ? view.subarray(end) : undefined,
  ]
}
