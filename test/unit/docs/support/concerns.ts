import type { Documented } from './example.ts'

/** What may become of a record, and the words for it. */
const CONCERNS: Readonly<Record<string, RegExp>> = {
  keys: /\bkeys?\b/i,
  partitions: /partition/i,
  timestamps: /\btimestamps?\b/i,
  nulls: /\bnulls?\b/i,
  headers: /\bheaders?\b/i,
}

const REFERENCE = /\bas\s+(?:(?:by|in|of|said of)\s+)?\{@link ([\w.]+)\}/gi

/** The concerns that a docstring does not speak of; nor do those that it refers to, as in `as {@link KStream.filter}`. */
export function unspoken(one: Documented, all: readonly Documented[]): readonly string[] {
  const text = textOf(one, all, new Set())
  return Object.keys(CONCERNS).filter((concern) => !CONCERNS[concern]!.test(text))
}

function textOf(one: Documented, all: readonly Documented[], seen: Set<Documented>): string {
  if (seen.has(one)) return ''
  seen.add(one)
  const names = [...one.prose.matchAll(REFERENCE)].map(([, name]) => name)
  const others = all.filter(({ name }) => names.includes(name))
  return [one.prose, ...others.map((other) => textOf(other, all, seen))].join('\n')
}
