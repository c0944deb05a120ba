import { storesOf, type NodeDefinition } from './node-definition.ts'

/**
 * Groups nodes that are connected, by forwarding or by a store they share: the sub-topologies, in
 * the order in which their first nodes were defined. Topics do not connect.
 */
export function groupNodes(
  definitions: readonly NodeDefinition[],
): readonly (readonly NodeDefinition[])[] {
  const sets = new DisjointSets()
  for (const definition of definitions) {
    const { name, parents } = definition
    for (const parent of parents) sets.unite(name, parent)
    for (const store of storesOf(definition)) sets.unite(name, `store ${store}`)
  }
  const groups = new Map<string, NodeDefinition[]>()
  for (const definition of definitions) {
    const root = sets.rootOf(definition.name)
    const group = groups.get(root)
    if (group === undefined) groups.set(root, [definition])
    else group.push(definition)
  }
  return [...groups.values()]
}

class DisjointSets {
  readonly #parents = new Map<string, string>()

  rootOf(member: string): string {
    let root = member
    for (
      let parent = this.#parents.get(root);
      parent !== undefined;
      parent = this.#parents.get(root)
    )
      root = parent
    return root
  }

  unite(one: string, other: string): void {
    const root = this.rootOf(one)
    const otherRoot = this.rootOf(other)
    if (root !== otherRoot) this.#parents.set(root, otherRoot)
  }
}
