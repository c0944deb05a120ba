import type { ConsumedRecord } from '../../model/record.ts'
import { partitionOf } from '../../model/murmur2.ts'
import type { TopicPartition } from '../../model/topic-partition.ts'
import type { Logger } from '../../telemetry/logger.ts'
import type { ProcessingGraph } from '../../topology/processing/processing-graph.ts'
import type { TaskPlan } from '../application-plan.ts'

/** Keys of a topic that are looked at: enough to notice another partitioner, few enough to cost nothing. A guess. */
const KEYS_LOOKED_AT = 100

/** What places are compared by. */
export interface KeyPlacesParts {
  readonly task: TaskPlan
  readonly graph: Pick<ProcessingGraph, 'keyBytes'>
  readonly partitionsOf: ReadonlyMap<string, number>
  readonly logger: Logger
}

/**
 * Looks at the first keys that come from each topic, where what is kept goes by the partition: a producer that is not Java's, or is set up
 * otherwise, may have put them elsewhere than others would, and rows of one key lie in two partitions then. That is only said, and once:
 * who writes all of a topic like that has no trouble.
 */
export class KeyPlaces {
  readonly #parts: KeyPlacesParts
  /** How many keys are still looked at, by topic. Of internal topics none: rowstream writes those. */
  readonly #left: Map<string, number>

  constructor(parts: KeyPlacesParts) {
    this.#parts = parts
    const { sources, stores } = parts.task.subtopology
    const looked = stores.length === 0 ? [] : sources.filter(({ internal }) => !internal)
    this.#left = new Map(looked.map(({ topic }) => [topic, KEYS_LOOKED_AT]))
  }

  look({ topic, partition }: TopicPartition, { key, offset }: ConsumedRecord): void {
    const left = this.#left.get(topic) ?? 0
    if (left === 0 || key === null) return
    this.#left.set(topic, left - 1)
    const { task, graph, partitionsOf, logger } = this.#parts
    const expected = partitionOf(graph.keyBytes(topic, key), partitionsOf.get(topic) ?? 1)
    if (expected === partition) return
    this.#left.set(topic, 0)
    logger.warn('a key is not in the partition that producers of Java put it in', {
      ...{ topic, partition, offset: offset.toString(), expected, task: task.taskId },
    })
  }
}
