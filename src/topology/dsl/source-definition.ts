import { TopologyError } from '../../errors/topology-error.ts'
import { checkName } from '../graph/check-name.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'
import type { SourceDefinition } from '../nodes/source-node.ts'
import type { TimestampExtractor } from '../processing/functions.ts'
import { failOnInvalidTimestamp } from '../processing/timestamp-extractors.ts'
import type { OffsetReset } from '../runnable-topology.ts'
import type { Reads } from './options.ts'

/** How topics are read. */
export interface SourceOptions<K, V> {
  readonly key: Reads<K>
  readonly value: Reads<V>
  /**
   * Where to begin in a partition that was never read: `earliest` (default), `latest`, `{ byDurationMs }`
   * for the first record that is no older, or `none`, which stops.
   */
  readonly offsetReset?: OffsetReset
  /**
   * The time of a record; by default its timestamp in Kafka, {@link failOnInvalidTimestamp}. Records
   * to which it gives a negative time are left out and counted.
   */
  readonly timestampExtractor?: TimestampExtractor<K, V>
}

/**
 * The definition of a source that the user asked for.
 * @throws TopologyError `TOPOLOGY_INVALID` when there is no topic or Kafka would not accept its name, TypeError when a duration is none.
 */
export function sourceDefinition<K, V>(
  name: string,
  topics: string | readonly string[] | RegExp,
  options: SourceOptions<K, V>,
): SourceDefinition {
  const { offsetReset = 'earliest', timestampExtractor = failOnInvalidTimestamp } = options
  if (Array.isArray(topics) && topics.length === 0)
    throw new TopologyError(`source ${name} has no topics: name one at least`)
  return {
    kind: 'source',
    name,
    parents: [],
    topics: Object.freeze(topics instanceof RegExp ? [] : [topics].flat().map(checkName)),
    ...(topics instanceof RegExp && { pattern: topics }),
    key: options.key ?? MISSING_SERDE,
    value: options.value ?? MISSING_SERDE,
    offsetReset: checkReset(offsetReset, name),
    timestampExtractor: timestampExtractor as TimestampExtractor,
    internal: false,
    combined: false,
  }
}

/**
 * The definition of a source that a global store is made of, which is made of all of its topic.
 * @throws TopologyError `TOPOLOGY_INVALID` when it is to begin elsewhere than at the beginning; as {@link sourceDefinition}.
 */
export function globalSourceDefinition<K, V>(
  name: string,
  topic: string,
  options: SourceOptions<K, V>,
): SourceDefinition {
  const { offsetReset = 'earliest' } = options
  if (offsetReset !== 'earliest')
    throw new TopologyError(
      `a global store is made of all of topic ${topic}, which is read from its beginning: leave offsetReset out`,
    )
  return { ...sourceDefinition(name, topic, options), isGlobal: true }
}

function checkReset(reset: OffsetReset, source: string): OffsetReset {
  if (typeof reset === 'string') return reset
  if (Number.isSafeInteger(reset.byDurationMs) && reset.byDurationMs >= 0) return reset
  throw new TypeError(
    `the byDurationMs of source ${source} has to be whole milliseconds, not ${reset.byDurationMs}`,
  )
}
