import { parseJson } from './parse-json.ts'

/** What the leader may tell a member beside its partitions. */
export interface LeaderWord {
  /** How its topology differs from that of the others; it gets no tasks. */
  readonly refused?: string
  /** Its state is in another database than that of the others; it gets no tasks. */
  readonly elsewhere?: boolean
  /** A member asked that all stop. */
  readonly stop?: boolean
  /** All instances of the group, by their names in the claim rows: any other is no member, and nobody waits for it. */
  readonly instances?: readonly string[]
  /** By {@link planDigest}: what the tasks were shared out by. */
  readonly plan?: string
}

/** As JSON, with the version of its meaning. */
export function encodeWord(word: LeaderWord): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, ...word }))
}

/** What cannot be understood says nothing. */
export function readWord(userData: Uint8Array): LeaderWord {
  const { refused, elsewhere, stop, instances, plan } = (parseJson(userData) ?? {}) as Readonly<
    Record<string, unknown>
  >
  return {
    ...(typeof refused === 'string' && { refused }),
    ...(elsewhere === true && { elsewhere }),
    ...(stop === true && { stop }),
    ...(isNames(instances) && { instances }),
    ...(typeof plan === 'string' && { plan }),
  }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}
