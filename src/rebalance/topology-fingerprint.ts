import type { RunnableTopology, Subtopology } from '../topology/runnable-topology.ts'
import { digest } from './digest.ts'

/** What a sub-topology reads and keeps, as digests. */
export interface SubtopologyFingerprint {
  readonly sources: string
  readonly stores: string
}

/** By number of the sub-topology. */
export type TopologyFingerprint = Readonly<Record<string, SubtopologyFingerprint>>

/**
 * What members have to have in common to share tasks: sub-topologies by number, the topics or patterns that each reads, and its
 * stores. Not: functions, serdes and versions of stores, which the catalogue of the database compares, and topics that a
 * pattern has found so far.
 */
export function topologyFingerprint({
  subtopologies,
}: Pick<RunnableTopology, 'subtopologies'>): TopologyFingerprint {
  return Object.fromEntries(subtopologies.map((subtopology) => [subtopology.id, of(subtopology)]))
}

function of({ sources, stores }: Subtopology): SubtopologyFingerprint {
  return {
    sources: digest(sources.map(({ topic, pattern }) => pattern ?? topic)),
    stores: digest(stores.map(({ kind, name }) => `${kind} ${name}`)),
  }
}

/** Whether JSON of elsewhere is one. */
export function isFingerprint(value: unknown): value is TopologyFingerprint {
  return typeof value === 'object' && value !== null && Object.values(value).every(isSubtopology)
}

function isSubtopology(value: unknown): value is SubtopologyFingerprint {
  const { sources, stores } = (value ?? {}) as Readonly<Record<string, unknown>>
  return typeof sources === 'string' && typeof stores === 'string'
}

/** How a topology differs from that of the others, in words; `undefined` where it does not. */
export function differenceOf(
  own: TopologyFingerprint,
  others: TopologyFingerprint,
): string | undefined {
  const ids = [...new Set([...Object.keys(own), ...Object.keys(others)])]
  const sentences = ids.flatMap((id) => {
    const [mine, theirs] = [own[id], others[id]]
    if (!mine) return [`sub-topology ${id} is missing`]
    if (!theirs) return [`sub-topology ${id} is new`]
    return [
      ...(mine.sources === theirs.sources ? [] : [`sub-topology ${id} reads other topics`]),
      ...(mine.stores === theirs.stores ? [] : [`sub-topology ${id} has other stores`]),
    ]
  })
  return sentences.length > 0 ? sentences.join(', ') : undefined
}
