import type { Windowed } from '../../../../src/model/windowed.ts'
import { serdes } from '../../../../src/serdes/serdes.ts'
import type { Serde } from '../../../../src/serdes/serde.ts'
import type { JsonKey, Key } from '../scenario.ts'

const LONG_MAX = '9223372036854775807'

/** The key without its window. */
export function innerKey(key: Key): string | null {
  return isWindowed(key) ? key.key : key
}

/** A key in a scenario's result. */
export function keyToJson(key: Key): JsonKey {
  if (!isWindowed(key)) return key
  const end = key.end === Infinity ? { long: LONG_MAX } : key.end
  return { key: key.key, start: key.start, end }
}

/** As Java's oracle prints it. */
export function keyText(key: Key): string | null {
  if (!isWindowed(key)) return key
  return `${key.key}@${key.start}-${key.end === Infinity ? LONG_MAX : key.end}`
}

/** Plain keys: to the compiler all keys. */
export const plainKey = serdes.string as unknown as Serde<NonNullable<Key>>

/** No plain key begins like this. */
const WINDOWED = '\u0001'

/** Plain keys as they are, and windowed ones with all that they are. */
export const keySerde: Serde<NonNullable<Key>> = {
  ...plainKey,
  serialize: (key) => Buffer.from(typeof key === 'string' ? key : WINDOWED + textOf(key)),
  deserialize: (bytes) => {
    const text = Buffer.from(bytes).toString()
    return text.startsWith(WINDOWED) ? windowedOf(text.slice(1)) : text
  },
}

export function isWindowed(key: Key): key is Windowed<string> {
  return typeof key === 'object' && key !== null
}

function textOf({ key, start, end }: Windowed<string>): string {
  return JSON.stringify([key, start, String(end)])
}

function windowedOf(text: string): Windowed<string> {
  const [key, start, end] = JSON.parse(text) as [string, number, string]
  return { key, start, end: Number(end) }
}
