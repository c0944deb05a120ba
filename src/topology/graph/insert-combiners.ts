import type { AggregateDefinition } from '../nodes/aggregate-node.ts'
import type { CombineDefinition } from '../nodes/combine-node.ts'
import type { SinkDefinition } from '../nodes/sink-node.ts'
import type { SourceDefinition } from '../nodes/source-node.ts'
import { aggregationOfPartials, type Aggregation } from '../processing/aggregation.ts'
import type { NodeDefinition } from './node-definition.ts'

/** One repartition topic whose only reader is an aggregate that can join partial results. */
interface Combination {
  readonly source: SourceDefinition
  readonly sinks: readonly SinkDefinition[]
  readonly aggregate: AggregateDefinition
  readonly merge: NonNullable<Aggregation['merge']>
}

/**
 * Puts a combiner before each repartition topic that has only one reader, an aggregate that allows
 * it.
 *
 * With two readers (two aggregates of one named group) the topic must carry plain records. Nothing
 * else changes: names, numbers and stores are those of the topology without combiners.
 */
export function insertCombiners(definitions: readonly NodeDefinition[]): readonly NodeDefinition[] {
  let result = definitions
  for (const combination of findCombinations(definitions)) {
    result = result.flatMap((definition) => rewrite(definition, combination))
  }
  return result
}

function findCombinations(definitions: readonly NodeDefinition[]): readonly Combination[] {
  const internalSources = definitions.filter(
    (definition) => definition.kind === 'source' && definition.internal,
  )
  return (internalSources as readonly SourceDefinition[]).flatMap((source) => {
    const [reader, ...others] = definitions.filter(({ parents }) =>
      (parents as readonly string[]).includes(source.name),
    )
    if (reader?.kind !== 'aggregate' || others.length > 0 || reader.aggregation.merge === undefined)
      return []
    const sinks = definitions.filter(
      (definition) => definition.kind === 'sink' && feeds(definition, source),
    )
    // It is to see the records' values, not partial results.
    if (sinks.some((sink) => 'partitioner' in sink)) return []
    return [
      {
        source,
        sinks: sinks as readonly SinkDefinition[],
        aggregate: reader,
        merge: reader.aggregation.merge,
      },
    ]
  })
}

function feeds({ internal, topic }: SinkDefinition, source: SourceDefinition): boolean {
  return internal && source.topics.includes(topic)
}

function rewrite(definition: NodeDefinition, combination: Combination): readonly NodeDefinition[] {
  const { source, sinks, aggregate, merge } = combination
  const partial = aggregate.store.value
  if (definition === source) return [Object.freeze({ ...source, value: partial, combined: true })]
  if (definition === aggregate)
    return [
      Object.freeze({
        ...aggregate,
        aggregation: aggregationOfPartials(aggregate.aggregation.initial, merge),
      }),
    ]
  const sink = sinks.find((candidate) => candidate === definition)
  if (sink === undefined) return [definition]
  const combiner: CombineDefinition = Object.freeze({
    kind: 'combine',
    name: `${sink.topic}-combine`,
    parents: sink.parents,
    key: sink.key,
    aggregation: aggregate.aggregation,
    cache: true,
  })
  return [combiner, Object.freeze({ ...sink, parents: [combiner.name], value: partial })]
}
