import type { VersionedStoreDefinition } from './contract/store-definition.ts'

type History = Pick<VersionedStoreDefinition, 'historyRetentionMs'>

/**
 * Whether Kafka Streams has forgotten a version, which it does by segments of time: what is in one of them is still in its store.
 *
 * @param validTo When the next version began; null for the latest, which is kept.
 * @param observed Highest time of a version that was put.
 */
export function isForgotten(validTo: number | null, observed: number, history: History): boolean {
  if (validTo === null) return false
  const start = observed - history.historyRetentionMs
  return segmentOf(validTo, history) < segmentOf(start, history)
}

function segmentOf(time: number, { historyRetentionMs }: History): number {
  return Math.trunc(time / intervalOf(historyRetentionMs))
}

/** Of one segment (`RocksDbVersionedKeyValueBytesStoreSupplier`). */
function intervalOf(historyMs: number): number {
  if (historyMs <= 60_000) return Math.max(Math.trunc(historyMs / 3), 2_000)
  if (historyMs <= 300_000) return Math.max(Math.trunc(historyMs / 5), 20_000)
  if (historyMs <= 3_600_000) return Math.max(Math.trunc(historyMs / 12), 60_000)
  return Math.max(Math.trunc(historyMs / 24), 300_000)
}
