import { TopologyError } from '../../errors/topology-error.ts'
import { joinInOneStore } from './join-in-one-store.ts'
import { mergeRepartitions } from './merge-repartitions.ts'
import type { NodeDefinition } from './node-definition.ts'

/** What can be optimised in a topology, by Kafka Streams' names. */
export type Optimization =
  'merge.repartition.topics' | 'reuse.ktable.source.topics' | 'single.store.self.join'

/** Tables have no changelog topics here that could be their source topics instead. */
const PASSES: Readonly<
  Record<Optimization, (definitions: readonly NodeDefinition[]) => readonly NodeDefinition[]>
> = {
  'reuse.ktable.source.topics': (definitions) => definitions,
  'merge.repartition.topics': mergeRepartitions,
  'single.store.self.join': joinInOneStore,
}

/** In the order in which Kafka Streams goes through them, whatever the order in which they were named. */
const ALL = Object.keys(PASSES) as readonly Optimization[]

/** @throws TopologyError `TOPOLOGY_INVALID` when there is no such optimisation. */
export function optimize(
  definitions: readonly NodeDefinition[],
  asked: 'all' | 'none' | readonly Optimization[],
): readonly NodeDefinition[] {
  if (asked === 'none') return definitions
  const wanted = asked === 'all' ? ALL : asked
  const unknown = [wanted].flat().find((one) => !ALL.includes(one))
  if (unknown !== undefined)
    throw new TopologyError(
      `there is no optimisation '${unknown}': 'all', 'none', or some of ${ALL.join(', ')}`,
    )
  return ALL.filter((one) => wanted.includes(one)).reduce(
    (optimised, one) => PASSES[one](optimised),
    definitions,
  )
}
