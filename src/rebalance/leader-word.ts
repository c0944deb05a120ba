import { parseJson } from './parse-json.ts'

/** What the leader may tell a member beside its partitions. */
export interface LeaderWord {
  /** How its topology differs from that of the others; it gets no tasks. */
  readonly refused?: string
  /** A member asked that all stop. */
  readonly stop?: boolean
}

/** As JSON, with the version of its meaning. */
export function encodeWord(word: LeaderWord): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, ...word }))
}

/** What cannot be understood says nothing. */
export function readWord(userData: Uint8Array): LeaderWord {
  const { refused, stop } = (parseJson(userData) ?? {}) as Readonly<Record<string, unknown>>
  return { ...(typeof refused === 'string' && { refused }), ...(stop === true && { stop }) }
}
