import type { TopicSizes } from '../../commit/reshard.ts'
import { taskId, type TaskId } from '../../model/task-id.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import type { Subtopology } from '../../topology/runnable-topology.ts'
import { taskCountOf, type ApplicationPlan } from '../application-plan.ts'

/** A topic, and how many partitions it had and has. */
export interface GrownTopic {
  readonly topic: string
  readonly from: number
  readonly to: number
}

/** A sub-topology whose keys go to other partitions than before. */
export interface GrownSubtopology {
  readonly subtopology: Subtopology
  /** How many tasks it had. */
  readonly from: number
  readonly to: number
}

/** An application before and after its topics have grown. */
export class Resize {
  readonly before: ApplicationPlan
  readonly after: ApplicationPlan
  readonly topics: readonly GrownTopic[]
  readonly subtopologies: readonly GrownSubtopology[]

  constructor(before: ApplicationPlan, after: ApplicationPlan, known: TopicSizes) {
    this.before = before
    this.after = after
    this.topics = [...known].flatMap(([topic, from]) => {
      const to = after.partitionsOf.get(topic) ?? from
      return to > from ? [{ topic, from, to }] : []
    })
    this.subtopologies = after.topology.subtopologies
      .filter((subtopology) => this.#hasGrown(subtopology))
      .map((subtopology) => {
        const [from, to] = [taskCountOf(before, subtopology), taskCountOf(after, subtopology)]
        return { subtopology, from, to }
      })
  }

  /** Tasks that a sub-topology had before. */
  tasksBefore({ subtopology, from }: GrownSubtopology): TaskId[] {
    return Array.from({ length: from }, (_, partition) => taskId(subtopology.id, partition))
  }

  /** The topic of the answers to a store of subscriptions, before and after. */
  responsesOf({ responses }: StoreDefinition & { kind: 'subscriptions' }): GrownTopic {
    const topic = `${this.after.applicationId}-${responses}`
    const sizeIn = ({ partitionsOf }: ApplicationPlan) => partitionsOf.get(topic) ?? 0
    return { topic, from: sizeIn(this.before), to: sizeIn(this.after) }
  }

  #hasGrown({ sources, stores }: Subtopology): boolean {
    const grown = new Set(this.topics.map(({ topic }) => topic))
    const isAnswered = stores.some(
      (store) => store.kind === 'subscriptions' && grown.has(this.responsesOf(store).topic),
    )
    return isAnswered || sources.some(({ topic }) => grown.has(topic))
  }
}
