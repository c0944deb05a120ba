import type { JoinWindowDefinition } from '../nodes/join-window-node.ts'
import type { StreamJoinDefinition } from '../nodes/stream-join-node.ts'
import type { NodeDefinition } from './node-definition.ts'

/** The nodes of a join of a stream with itself. */
interface SelfJoin {
  readonly window: JoinWindowDefinition
  readonly otherWindow: JoinWindowDefinition
  readonly left: StreamJoinDefinition
  readonly right: StreamJoinDefinition
}

/**
 * Makes one window do for a join of a stream with itself, instead of one for each side. `single.store.self.join` of Kafka Streams.
 */
export function joinInOneStore(definitions: readonly NodeDefinition[]): readonly NodeDefinition[] {
  return findSelfJoins(definitions).reduce(rewrite, definitions)
}

function findSelfJoins(definitions: readonly NodeDefinition[]): readonly SelfJoin[] {
  const joins = definitions.filter((one) => one.kind === 'stream-join')
  const windowAbove = ({ parents }: StreamJoinDefinition) =>
    definitions.find(({ name }) => name === parents[0]) as JoinWindowDefinition
  return joins.flatMap((left) => {
    const right = joins.find((one) => one.join === left.join && one.side === 'right')
    if (left.side !== 'left' || !right) return []
    const [window, otherWindow] = [windowAbove(left), windowAbove(right)]
    return window.parents[0] === otherWindow.parents[0]
      ? [{ window, otherWindow, left, right }]
      : []
  })
}

function rewrite(
  definitions: readonly NodeDefinition[],
  { window, otherWindow, left, right }: SelfJoin,
): readonly NodeDefinition[] {
  const gone = new Set([otherWindow.name, left.name, right.name])
  const { join, windows, joiner } = left
  return definitions.flatMap((definition) => {
    if (gone.has(definition.name)) return []
    if (definition.name !== join) return [definition]
    const parents = [window.name]
    const others = window.store
    return [
      Object.freeze({ kind: 'self-join', name: join, parents, windows, joiner, others } as const),
    ]
  })
}
