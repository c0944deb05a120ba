import type { Windowed } from '../../model/windowed.ts'
import { keyColumnOf, type Serde } from '../../serdes/serde.ts'

/** A value that is equal, as a key of a `Map`, exactly where keys are equal as bytes. */
export type KeyIdentity = (key: unknown) => unknown

/** How to find keys of a serde in a map without encoding those that are primitive values. */
export function createKeyIdentity(serde: Serde<unknown>): KeyIdentity {
  const encoded = (key: unknown) => latin1(serde.serialize(key))
  switch (keyColumnOf(serde).type) {
    case 'text':
      return serde.name === 'string' ? (key) => key : encoded
    case 'int64':
      return (key) =>
        typeof key === 'bigint' ? key : typeof key === 'number' ? BigInt(key) : encoded(key)
    default:
      return encoded
  }
}

/** The same for windowed keys, by the serde of the keys in them. */
export function createWindowedIdentity(serde: Serde<unknown>): KeyIdentity {
  const identityOf = createKeyIdentity(serde)
  return (windowed) => {
    const { key, start, end } = windowed as Windowed<unknown>
    return `${start} ${end} ${String(identityOf(key))}`
  }
}

/** One character for each byte: text is hashed and compared by value, bytes are not. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
