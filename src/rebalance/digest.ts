import { createHash } from 'node:crypto'

/** Of a set of names, 64 bits: members are compared with one another, not with all the world. */
export function digest(names: readonly string[]): string {
  const text = JSON.stringify([...new Set(names)].toSorted())
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
