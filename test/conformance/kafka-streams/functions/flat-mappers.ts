import type { Key, Value, ValueType } from '../scenario.ts'
import { lookUp, str, toValue, wordsOf } from './values.ts'

type Pair = readonly [key: Key, value: Value]

/** A function that makes keys and values, and the type of the values. */
export interface FlatMapper {
  readonly map: (key: Key, value: Value) => Iterable<Pair>
  readonly type: ValueType
}

/** A function that makes values, and their type. */
export interface FlatValueMapper {
  readonly map: (value: Value) => Iterable<Value>
  readonly type: ValueType
}

/** @param input The type of the values that it will see. */
export function flatMapperOf(text: string, input: ValueType): FlatMapper {
  const of = (type: ValueType, map: FlatMapper['map']) => (): FlatMapper => ({
    type,
    map: (key, value) => map(key, toValue(value)),
  })
  const fanOut = (count: string) =>
    of(input, (key, value) =>
      Array.from({ length: Number(count) }, (_, i): Pair => [str(key) + i, value]),
    )()
  const swap = (key: Key, value: Value): Pair[] => [
    [value === null ? null : str(value), key === null ? null : str(key)],
  ]
  return lookUp<FlatMapper>(
    {
      dup: of(input, (key, value) => [
        [key, value],
        [key, value],
      ]),
      none: of(input, () => []),
      swap: of('string', swap),
      fanOut,
      splitWords: of('string', (key, value) => wordsOf(value).map((word) => [key, word])),
      wordsAsKeys: of('string', (_, value) => wordsOf(value).map((word) => [word, word])),
    },
    text,
  )
}

/** @param input The type of the values that it will see. */
export function flatValueMapperOf(text: string, input: ValueType): FlatValueMapper {
  const of = (map: FlatValueMapper['map']) => (): FlatValueMapper => ({
    type: input,
    map: (value) => map(toValue(value)),
  })
  return lookUp<FlatValueMapper>(
    {
      dup: of((value) => [value, value]),
      none: of(() => []),
      splitWords: of(wordsOf),
      chars: of((value) => (value === null ? [] : (value as string).split(''))),
      upTo: of((value) => [1n, 2n, 3n].filter((n) => value !== null && n <= (value as bigint))),
    },
    text,
  )
}
