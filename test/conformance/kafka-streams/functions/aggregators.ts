import type { Key, Value, ValueType } from '../scenario.ts'
import { SpecError } from '../spec-error.ts'
import { lookUp, splitFunction, str, throwIf, toValue, wrap } from './values.ts'

/** Makes one value of two. */
export type Reducer = (aggregate: Value, value: Value) => Value
/** Adds a record to an aggregate. */
export type Aggregator = (key: Key, value: Value, aggregate: Value) => Value

/** Joins the aggregates of two sessions. */
export type Merger = (key: Key, earlier: Value, later: Value) => Value

/** The first aggregate, and the type of all. */
export interface Initialiser {
  readonly value: Value
  readonly type: ValueType
}

const orZero = (value: Value): bigint => (value ?? 0n) as bigint

const text = (reduce: (a: string, v: string) => Value): (() => Reducer) => {
  return () => (a, v) => reduce((a ?? '') as string, (v ?? '') as string)
}
const long = (reduce: (a: bigint, v: bigint) => Value): (() => Reducer) => {
  return () => (a, v) => reduce(orZero(a), orZero(v))
}
/** Windows show null values to reducers: they compare as nothing of the aggregate's type. */
const nothing = (value: Value, aggregate: Value): NonNullable<Value> =>
  value ?? (typeof aggregate === 'bigint' ? 0n : '')
const orZeroIfLong = (value: Value, aggregate: Value): Value =>
  typeof aggregate === 'bigint' ? orZero(value) : value
const nullAtZero = (sum: bigint): Value => (sum === 0n ? null : sum)

const REDUCERS: Readonly<Record<string, (argument: string) => Reducer>> = {
  first: () => (a) => a,
  last: () => (_, v) => v,
  nullIfEqual: () => (a, v) => (a === v ? null : v),
  throwOn: (wanted) => (_, v) => {
    throwIf(v, wanted)
    return v
  },
  // Strings compare by UTF-16, and one that is null stays so where it wins; longs that are null are 0.
  min: () => (a, v) => (nothing(v, a) < a! ? orZeroIfLong(v, a) : a),
  max: () => (a, v) => (nothing(v, a) > a! ? orZeroIfLong(v, a) : a),
  concat: text((a, v) => a + v),
  concatComma: text((a, v) => `${a},${v}`),
  removeFirst: text(removeFirst),
  sum: long((a, v) => wrap(a + v)),
  diff: long((a, v) => wrap(a - v)),
  sumNullAtZero: long((a, v) => nullAtZero(wrap(a + v))),
}

const sums = (add: (a: bigint, v: Value) => Value): (() => Aggregator) => {
  return () => (_, v, a) => add((a ?? 0n) as bigint, v)
}
const texts = (add: (a: string, v: Value, key: Key) => Value): (() => Aggregator) => {
  return () => (key, v, a) => add((a ?? '') as string, v, key)
}

const AGGREGATORS: Readonly<Record<string, (argument: string) => Aggregator>> = {
  count: sums((a) => wrap(a + 1n)),
  uncount: sums((a) => wrap(a - 1n)),
  sum: sums((a, v) => wrap(a + orZero(v))),
  subtract: sums((a, v) => wrap(a - orZero(v))),
  max: sums((a, v) => (orZero(v) > a ? orZero(v) : a)),
  sumNullAtZero: sums((a, v) => nullAtZero(wrap(a + orZero(v)))),
  sumLength: sums((a, v) => wrap(a + BigInt(((v ?? '') as string).length))),
  subLength: sums((a, v) => wrap(a - BigInt(((v ?? '') as string).length))),
  concat: texts((a, v) => a + str(v)),
  concatKey: texts((a, v, key) => `${a}${str(key)}=${str(v)};`),
  last: texts((_, v) => str(v)),
  removeFirst: texts((a, v) => removeFirst(a, str(v))),
  removeKey: texts((a, v, key) => removeFirst(a, `${str(key)}=${str(v)};`)),
  nullOn: (wanted) => texts((a, v) => (str(v) === wanted ? null : a + str(v)))(),
  throwOn: (wanted) =>
    texts((a, v) => {
      throwIf(v, wanted)
      return a + str(v)
    })(),
}

/** A text without the first occurrence of another. */
function removeFirst(text: string, part: string): string {
  const at = text.indexOf(part)
  return at < 0 ? text : text.slice(0, at) + text.slice(at + part.length)
}

const MERGERS: Readonly<Record<string, (argument: string) => Merger>> = {
  sum: () => (_, a, b) => wrap(orZero(a) + orZero(b)),
  max: () => (_, a, b) => (orZero(b) > orZero(a) ? orZero(b) : orZero(a)),
  concat: () => (_, a, b) => `${a ?? ''}${b ?? ''}`,
  concatBar: () => (_, a, b) => `${a ?? ''}|${b ?? ''}`,
}

export function mergerOf(name: string): Merger {
  return lookUp(MERGERS, name)
}

export function reducerOf(name: string): Reducer {
  const reduce = lookUp(REDUCERS, name)
  return (aggregate, value) => reduce(toValue(aggregate), toValue(value))
}

export function aggregatorOf(name: string): Aggregator {
  const add = lookUp(AGGREGATORS, name)
  return (key, value, aggregate) => add(key, toValue(value), aggregate)
}

export function initialiserOf(name: string): Initialiser {
  const [kind, argument] = splitFunction(name)
  const longs: Readonly<Record<string, Value>> = { zero: 0n, nullLong: null }
  if (kind in longs) return { value: longs[kind]!, type: 'long' }
  if (kind === 'constLong') return { value: BigInt(argument), type: 'long' }
  const strings: Readonly<Record<string, Value>> = { empty: '', nullString: null, const: argument }
  if (kind in strings) return { value: strings[kind]!, type: 'string' }
  throw new SpecError(`no initialiser ${name}`)
}
