import type { Key, Value } from '../scenario.ts'
import { innerKey } from './windowed-keys.ts'
import { lookUp, throwIf, toValue } from './values.ts'

/** A condition on key and value. */
export type Predicate = (key: Key, value: Value) => boolean

const text = (test: (value: string) => boolean): Predicate => {
  return (_key, value) => value !== null && test(value as string)
}
const long = (test: (value: bigint) => boolean): Predicate => {
  return (_key, value) => value !== null && test(value as bigint)
}

const PREDICATES: Readonly<Record<string, (argument: string) => Predicate>> = {
  true: () => () => true,
  false: () => () => false,
  notNull: () => (_, value) => value !== null,
  isNull: () => (_, value) => value === null,
  keyNotNull: () => (key) => key !== null,
  keyIs: (wanted) => (key) => innerKey(key) === wanted,
  throwOn: (wanted) => (_, value) => {
    throwIf(value, wanted)
    return true
  },
  isNonEmpty: () => text((value) => value !== ''),
  evenLength: () => text((value) => value.length % 2 === 0),
  contains: (part) => text((value) => value.includes(part)),
  shorterThan: (length) => text((value) => value.length < Number(length)),
  positive: () => long((value) => value > 0n),
  even: () => long((value) => value % 2n === 0n),
  gt: (bound) => long((value) => value > BigInt(bound)),
  lt: (bound) => long((value) => value < BigInt(bound)),
}

export function predicateOf(text: string): Predicate {
  const test = lookUp(PREDICATES, text)
  return (key, value) => test(key, toValue(value))
}
