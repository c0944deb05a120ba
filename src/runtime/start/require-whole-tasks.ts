import { ConfigurationError } from '../../errors/configuration-error.ts'
import type { ApplicationPlan } from '../application-plan.ts'

/**
 * A broker that assigns partitions keeps those of equal numbers together only where topics have equally many.
 *
 * @throws ConfigurationError `CONFIGURATION_INVALID` naming topics of a sub-topology that have not.
 */
export function requireWholeTasks({ topology, partitionsOf }: ApplicationPlan): void {
  for (const { id, sources } of topology.subtopologies) {
    const topics = [...new Set(sources.map(({ topic }) => topic))]
    const counts = topics.map((topic) => `${topic} ${partitionsOf.get(topic)}`)
    if (new Set(topics.map((topic) => partitionsOf.get(topic))).size <= 1) continue
    throw new ConfigurationError(
      `groupProtocol 'consumer' keeps tasks together only where topics that are read together have equally many partitions, but ` +
        `sub-topology ${id} reads ${counts.join(', ')}: use groupProtocol 'classic', or repartition`,
    )
  }
}
