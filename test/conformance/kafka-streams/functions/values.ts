import type { Key, JsonValue, Value } from '../scenario.ts'
import { SpecError } from '../spec-error.ts'
import { keyText } from './windowed-keys.ts'

/** What a scenario's `throwOn` and `parseLong` throw. */
export class ScenarioFunctionError extends TypeError {}

/** The name of a function and what stands behind its colon. */
export function splitFunction(text: string): readonly [name: string, argument: string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

/** A function that is in a table under its name, with its argument. */
export function lookUp<F>(
  table: Readonly<Record<string, (argument: string) => F>>,
  text: string,
): F {
  const [name, argument] = splitFunction(text)
  const create = table[name]
  if (!create) throw new SpecError(`no function ${text}`)
  return create(argument)
}

/** A value as functions of scenarios take it: counts are numbers, the scenarios' longs are not. */
export function toValue(value: Value | number): Value {
  return typeof value === 'number' ? BigInt(value) : value
}

/** As Java prints it. */
export function str(value: Value | Key): string {
  return typeof value === 'object' ? (keyText(value) ?? 'null') : String(value)
}

/** Long arithmetic wraps at 64 bits. */
export function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

export function throwIf(value: Value, argument: string): void {
  if (str(value) === argument) throw new ScenarioFunctionError(`threw on ${argument}`)
}

/** Words between single spaces, without the empty ones. */
export function wordsOf(value: Value): string[] {
  return value === null ? [] : (value as string).split(' ').filter((word) => word !== '')
}

export function fromJson(value: JsonValue | undefined): Value {
  if (typeof value === 'number') return BigInt(value)
  if (value === null || value === undefined) return null
  return typeof value === 'object' ? BigInt(value.long) : value
}

export function toJson(value: Value | number | undefined): JsonValue {
  if (value === null || value === undefined) return null
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : { long: String(value) }
}
