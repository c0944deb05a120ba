import { createHash } from 'node:crypto'

/** PostgreSQL cuts longer names off in silence (NAMEDATALEN − 1), so that two of them could meet. */
const MAX_BYTES = 63
const HASH_CHARACTERS = 8

/** The name as PostgreSQL will hold it: a long one keeps its beginning and gets a hash of the whole. */
export function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_CHARACTERS)
  const head = Buffer.from(name).subarray(0, MAX_BYTES - HASH_CHARACTERS - 1)
  // A character that was cut in two decodes to U+FFFD.
  return `${head.toString().replace(/\uFFFD+$/, '')}_${hash}`
}

/** A quoted identifier. */
export function quote(name: string): string {
  return `"${shorten(name).replaceAll('"', '""')}"`
}

/** Several quoted identifiers. */
export function quoteList(names: readonly string[], qualifier?: string): string {
  return names.map((name) => (qualifier ? `${qualifier}.${quote(name)}` : quote(name))).join(', ')
}

/** A table, with its schema. */
export function qualified(schema: string, table: string): string {
  return `${quote(schema)}.${quote(table)}`
}
