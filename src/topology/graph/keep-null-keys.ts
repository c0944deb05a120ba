import { takesNullKeys, type NodeDefinition } from './node-definition.ts'

/** Lets records without a key through a repartition where a node below makes something of them, as a left join does. */
export function keepNullKeys(definitions: readonly NodeDefinition[]): readonly NodeDefinition[] {
  return definitions.map((definition) => {
    if (definition.kind !== 'drop-null-keys' || !reaches(definition, definitions, new Set()))
      return definition
    const { name, parents } = definition
    return Object.freeze({ kind: 'merge', name, parents } as const)
  })
}

function reaches(
  node: NodeDefinition,
  definitions: readonly NodeDefinition[],
  seen: Set<string>,
): boolean {
  if (takesNullKeys(node)) return true
  if (seen.has(node.name)) return false
  seen.add(node.name)
  return definitions.some((other) => follows(other, node) && reaches(other, definitions, seen))
}

/** Whether records go from one node to another, by an internal topic too. */
function follows(node: NodeDefinition, before: NodeDefinition): boolean {
  if (node.kind !== 'source') return node.parents.includes(before.name)
  return before.kind === 'sink' && before.internal && node.topics.includes(before.topic)
}
