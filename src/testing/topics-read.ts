import type { RunnableTopology } from '../topology/runnable-topology.ts'

/** The topics that a topology reads and that it does not make itself. */
export function topicsRead({ subtopologies }: RunnableTopology): string[] {
  const sources = subtopologies.flatMap((subtopology) => subtopology.sources)
  return sources.filter(({ internal }) => !internal).map(({ topic }) => topic)
}
