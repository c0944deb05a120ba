import type { Reader } from '../database/transaction.ts'
import type { Clock } from '../telemetry/clock.ts'
import { Backoff } from './backoff.ts'
import { patiently } from './patiently.ts'

/** Reads again while the database fails for passing reasons: a read changes nothing, so nobody else need know. */
export function patientReader(reader: Reader, clock: Clock, limitMs: number): Reader {
  const again = <T>(read: () => Promise<T>) => patiently(read, new Backoff(clock, limitMs))
  return {
    getMany: (table, keys, options) => again(() => reader.getMany(table, keys, options)),
    range: (table, range) => again(() => reader.range(table, range)),
  }
}
