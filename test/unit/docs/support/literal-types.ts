import { serdes } from '../../../../src/serdes/serdes.ts'
import type { Serde } from '../../../../src/serdes/serde.ts'

/** A type that holds all of these. */
export function typeOf(values: readonly unknown[]): string {
  return [...new Set(values.map(typeText))].toSorted().join(' | ') || 'string'
}

/** A serde that reads and writes all of these. */
export function serdeOf(values: readonly unknown[]): Serde<unknown> {
  const value = values.find((one) => one !== null)
  const byType: Readonly<Record<string, unknown>> = {
    ...{ string: serdes.string, number: serdes.double, bigint: serdes.int64 },
    undefined: serdes.string,
  }
  return (byType[typeof value] ?? serdes.json()) as Serde<unknown>
}

function typeText(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `(${typeOf(value)})[]`
  if (typeof value !== 'object') return typeof value
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${typeText(field)}`)
  return `{ ${fields.join('; ')} }`
}
