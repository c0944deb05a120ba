import type { Headers } from '../../model/headers.ts'
import type { RecordOrigin } from '../../model/record.ts'
import type { KeyIdentity } from '../processing/key-identity.ts'
import type { UntoldChanges } from '../processing/node-context.ts'

/**
 * After so many keys a node forwards without waiting for the commit. A guess: some tens of
 * megabytes of small values; a commit of the size that was measured as best touches fewer.
 */
export const MAX_HELD_KEYS = 200_000

/** The change of one key since it was forwarded last. */
export interface HeldChange {
  readonly key: unknown
  readonly oldValue: unknown
  newValue: unknown
  timestamp: number
  headers: Headers
  /** What the record came from that made it. */
  origin: RecordOrigin | undefined
  /** When it was touched last, for the order of forwarding. */
  touch: number
}

/**
 * What a cached store has not forwarded yet: for each key the newest value, and the value that was
 * forwarded last.
 *
 * Keys leave in the order in which they were touched last, as from Kafka Streams' cache.
 */
export class HeldChanges implements UntoldChanges {
  readonly #identityOf: KeyIdentity
  #changes = new Map<unknown, HeldChange>()
  #touches = 0

  constructor(identityOf: KeyIdentity) {
    this.#identityOf = identityOf
  }

  get isFull(): boolean {
    return this.#changes.size >= MAX_HELD_KEYS
  }

  /** Holds a change; its old value is forgotten where an older one is held. */
  hold({ key, oldValue, newValue, timestamp, headers, origin }: Omit<HeldChange, 'touch'>): void {
    const touch = this.#touches++
    const identity = this.#identityOf(key)
    const held = this.#changes.get(identity)
    if (held === undefined) {
      this.#changes.set(identity, { key, oldValue, newValue, timestamp, headers, origin, touch })
      return
    }
    held.newValue = newValue
    held.timestamp = timestamp
    held.headers = headers
    held.origin = origin
    held.touch = touch
  }

  find(key: unknown): HeldChange | undefined {
    return this.#changes.get(this.#identityOf(key))
  }

  /**
   * Everything held, in order; afterwards nothing is. Keys that came and went since are left out:
   * nobody saw them.
   */
  take(): readonly HeldChange[] {
    const changes = [...this.#changes.values()]
    const wasTouchedTwice = this.#touches > changes.length
    this.#changes = new Map()
    this.#touches = 0
    if (wasTouchedTwice) changes.sort((a, b) => a.touch - b.touch)
    return changes.filter(({ oldValue, newValue }) => oldValue !== null || newValue !== null)
  }
}
