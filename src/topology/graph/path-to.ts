/** A node, of whatever kind, that says what it hangs under. */
export interface Placed {
  readonly name: string
  readonly parents: readonly string[]
}

/**
 * What leads to a node from its first source, for messages: `source → filter`. It ends where a parent is not known, or has been
 * passed already.
 */
export function pathTo(node: Placed, find: (name: string) => Placed | undefined): string {
  const path = [node.name]
  const passed = new Set<string>()
  let [above] = node.parents
  while (above !== undefined && !passed.has(above)) {
    passed.add(above)
    path.unshift(above)
    above = find(above)?.parents[0]
  }
  return path.join(' → ')
}
