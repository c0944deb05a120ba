import type { Key, Value, ValueType } from '../scenario.ts'
import { lookUp, ScenarioFunctionError, str, throwIf, toValue, wrap } from './values.ts'

/** A function that makes a value, and the type of what it makes. */
export interface ValueMapper {
  readonly map: (key: Key, value: Value) => Value
  readonly type: ValueType
}

const of = (type: ValueType, map: ValueMapper['map']): ValueMapper => ({ type, map })
/** Null stays null. */
const unlessNull = (type: ValueType, map: (value: NonNullable<Value>) => Value): ValueMapper =>
  of(type, (_, value) => (value === null ? null : map(value)))
const text = (map: (value: string) => Value, type: ValueType = 'string'): ValueMapper =>
  unlessNull(type, (value) => map(value as string))
const long = (map: (value: bigint) => Value, type: ValueType = 'long'): ValueMapper =>
  unlessNull(type, (value) => map(value as bigint))

/** Of values of any type; `input` is the type of the one at hand. */
const anyMappers = (
  input: ValueType,
): Readonly<Record<string, (argument: string) => ValueMapper>> => ({
  identity: () => of(input, (_, value) => value),
  toNull: () => of(input, () => null),
  toString: () => unlessNull('string', str),
  keyValue: () => of('string', (key, value) => `${str(key)}:${str(value)}`),
  const: (constant) => of('string', () => constant),
  constLong: (constant) => of('long', () => BigInt(constant)),
  nullIf: (wanted) => of(input, (_, value) => (str(value) === wanted ? null : value)),
  throwOn: (wanted) =>
    of(input, (_, value) => {
      throwIf(value, wanted)
      return value
    }),
  orElse: (other) => of(input, (_, value) => value ?? (input === 'string' ? other : BigInt(other))),
})

const STRING_MAPPERS: Readonly<Record<string, (argument: string) => ValueMapper>> = {
  upper: () => text((value) => value.replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  prefix: (prefix) => text((value) => prefix + value),
  suffix: (suffix) => text((value) => value + suffix),
  firstChar: () => text((value) => value.slice(0, 1)),
  nullIfEmpty: () => text((value) => (value === '' ? null : value)),
  length: () => text((value) => BigInt(value.length), 'long'),
  parseLong: () =>
    text((value) => {
      if (/^-?[0-9]{1,18}$/.test(value)) return BigInt(value)
      throw new ScenarioFunctionError(`not a long: ${value}`)
    }, 'long'),
}

const LONG_MAPPERS: Readonly<Record<string, (argument: string) => ValueMapper>> = {
  inc: () => long((value) => wrap(value + 1n)),
  negate: () => long((value) => wrap(-value)),
  add: (summand) => long((value) => wrap(value + BigInt(summand))),
  mul: (factor) => long((value) => wrap(value * BigInt(factor))),
  nullIfOdd: () => long((value) => (value % 2n === 0n ? value : null)),
  parity: () => long((value) => (value % 2n === 0n ? 'even' : 'odd'), 'string'),
}

/** @param input The type of the values that it will see. */
export function valueMapperOf(text: string, input: ValueType): ValueMapper {
  const mappers = { ...STRING_MAPPERS, ...LONG_MAPPERS, ...anyMappers(input) }
  const { map, type } = lookUp(mappers, text)
  return { map: (key, value) => map(key, toValue(value)), type }
}
