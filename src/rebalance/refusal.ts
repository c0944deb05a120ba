import { parseJson } from './parse-json.ts'

/** What the leader tells a member that gets no tasks because its topology is another one. */
export function encodeRefusal(difference: string): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, refused: difference }))
}

/** How the member's topology differs from that of the others, as the leader says; `undefined` where it is not refused. */
export function readRefusal(userData: Uint8Array): string | undefined {
  const { refused } = (parseJson(userData) ?? {}) as { readonly refused?: unknown }
  return typeof refused === 'string' ? refused : undefined
}
