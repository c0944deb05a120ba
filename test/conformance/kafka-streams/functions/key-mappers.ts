import type { Key, Value } from '../scenario.ts'
import { innerKey, isWindowed, keyText } from './windowed-keys.ts'
import { lookUp, str, throwIf, toValue } from './values.ts'

/** A function that makes a key. */
export type KeyMapper = (key: Key, value: Value) => Key

const ofText = (map: (value: string) => string | null): KeyMapper => {
  return (_key, value) => (value === null || value === '' ? null : map(value as string))
}

const KEY_MAPPERS: Readonly<Record<string, (argument: string) => KeyMapper>> = {
  key: () => innerKey,
  keyPrefix: (prefix) => (key) => (key === null ? null : `${prefix}${innerKey(key)}`),
  windowKey: () => keyText,
  windowStart: () => (key) => (isWindowed(key) ? String(key.start) : key),
  const: (constant) => () => constant,
  nullKey: () => () => null,
  value: () => (_, value) => (value === null ? null : str(value)),
  throwOn: (wanted) => (key, value) => {
    throwIf(value, wanted)
    return innerKey(key)
  },
  firstCharOfValue: () => ofText((value) => value.slice(0, 1)),
  beforeColon: () => ofText((value) => value.split(':')[0]! || null),
  valueLength: () => (_, value) => (value === null ? null : String((value as string).length)),
  valueMod: (modulus) => (_, value) => {
    if (value === null) return null
    const n = BigInt(modulus)
    return String((((value as bigint) % n) + n) % n)
  },
}

export function keyMapperOf(text: string): KeyMapper {
  const map = lookUp(KEY_MAPPERS, text)
  return (key, value) => map(key, toValue(value))
}
