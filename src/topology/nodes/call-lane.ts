import { serialize } from 'node:v8'

/**
 * What tells the calls of one key from those of others: equal as a key of a map where keys are equal. Objects are by their fields, in
 * any order, those that are undefined aside; bytes by what they hold. No serde may be known of a key that a function made.
 *
 * @throws what cannot be compared, such as a key with a function in it.
 */
export function callLane(key: unknown): unknown {
  return typeof key === 'object' ? serialize(canonical(key)).toString('latin1') : key
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (ArrayBuffer.isView(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (Object.prototype.toString.call(value) !== '[object Object]') return value
  const fields = Object.entries(value as object)
    .filter(([, field]) => field !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(fields.map(([name, field]) => [name, canonical(field)]))
}
