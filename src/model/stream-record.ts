import type { Headers } from './headers.ts'

/** A record inside a topology: decoded, without a place. Immutable; nodes pass on new ones. */
export interface StreamRecord<K = unknown, V = unknown> {
  readonly key: K
  readonly value: V
  /** Milliseconds since the epoch, never negative. */
  readonly timestamp: number
  readonly headers: Headers
}
