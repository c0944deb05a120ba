import type { Windowed } from '../model/windowed.ts'
import type { Serde } from '../serdes/serde.ts'

/** Entries by the bytes of their keys, then by the times of their windows: Kafka's order, whatever a database's would be. */
export function byKeyBytes<K, Entry extends { readonly key: Windowed<K> }>(
  entries: readonly Entry[],
  serde: Serde<K>,
): Entry[] {
  return entries
    .map((entry) => ({ entry, bytes: serde.serialize(entry.key.key) }))
    .sort(
      (a, b) =>
        Buffer.compare(a.bytes, b.bytes) ||
        a.entry.key.start - b.entry.key.start ||
        a.entry.key.end - b.entry.key.end,
    )
    .map(({ entry }) => entry)
}

/** Entries whose keys lie between two, both included, by their bytes; null stands for the first or the last there is. */
export function betweenKeys<K, Entry extends { readonly key: Windowed<K> }>(
  entries: readonly Entry[],
  serde: Serde<K>,
  [from, to]: readonly [K | null, K | null],
): Entry[] {
  const [first, last] = [from, to].map((key) => (key === null ? undefined : serde.serialize(key)))
  return entries.filter(({ key: { key } }) => {
    const bytes = serde.serialize(key)
    const isAbove = first === undefined || Buffer.compare(bytes, first) >= 0
    return isAbove && (last === undefined || Buffer.compare(bytes, last) <= 0)
  })
}
