import { randomBytes } from 'node:crypto'

/** A name that no other test, and no other run against the same broker, uses. */
export function uniqueName(kind: string): string {
  return `rowstream-${kind}-${randomBytes(6).toString('hex')}`
}
