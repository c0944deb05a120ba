import type { Key } from '../building.ts'
import type { Value, ValueType } from '../scenario.ts'
import { lookUp, str, throwIf, toValue, wrap } from './values.ts'

/** A function that joins two values, and the type of what it makes. */
export interface Joiner {
  readonly join: (left: Value, right: Value, key?: Key) => Value
  readonly type: ValueType
}

const pair = (left: Value, right: Value): string => `(${str(left)},${str(right)})`
const long = (value: Value): bigint => (value ?? 0n) as bigint

/** @param left The types of the values that it will see. */
export function joinerOf(text: string, left: ValueType, right: ValueType): Joiner {
  const of = (type: ValueType, join: Joiner['join']) => (): Joiner => ({
    type,
    join: (one, other, key) => join(toValue(one), toValue(other), key),
  })
  const throwing = (wanted: string) =>
    of('string', (one, other) => {
      throwIf(other, wanted)
      return pair(one, other)
    })()
  return lookUp<Joiner>(
    {
      pair: of('string', pair),
      keyPair: of('string', (one, other, key = null) => `${str(key)}:${pair(one, other)}`),
      left: of(left, (one) => one),
      right: of(right, (_, other) => other),
      nullIfSame: of('string', (one, other) => (str(one) === str(other) ? null : pair(one, other))),
      throwOnRight: throwing,
      sum: of('long', (one, other) => wrap(long(one) + long(other))),
    },
    text,
  )
}
