import { readsOf } from '../nodes/source-node.ts'
import { storesOf, type NodeDefinition } from './node-definition.ts'

/**
 * A Mermaid flowchart: a box for each sub-topology, topics between them, stores beside the nodes
 * that use them.
 */
export function drawGroups(groups: readonly (readonly NodeDefinition[])[]): string {
  const ids = new Map<string, string>()
  const idOf = (text: string) => ids.get(text) ?? ids.set(text, `n${ids.size}`).get(text)!
  const lines = ['flowchart TD']
  groups.forEach((group, number) => {
    lines.push(`  subgraph s${number}["Sub-topology ${number}"]`)
    for (const node of group) lines.push(`    ${idOf(node.name)}["${node.name}"]`)
    for (const store of group.flatMap(storesOf))
      lines.push(`    ${idOf(`store ${store}`)}[("${store}")]`)
    lines.push('  end')
  })
  const nodes = groups.flat()
  const topics = new Set(nodes.flatMap(topicsOf))
  for (const topic of topics) lines.push(`  ${idOf(`topic ${topic}`)}(["${topic}"])`)
  for (const node of nodes) lines.push(...edgesOf(node, idOf).map((edge) => `  ${edge}`))
  return `${lines.join('\n')}\n`
}

function topicsOf(node: NodeDefinition): readonly string[] {
  if (node.kind === 'source') return readsOf(node)
  return node.kind === 'sink' ? [node.topic] : []
}

function edgesOf(node: NodeDefinition, idOf: (text: string) => string): readonly string[] {
  const id = idOf(node.name)
  const incoming =
    node.kind === 'source' ? readsOf(node).map((topic) => `topic ${topic}`) : node.parents
  const edges = incoming.map((from) => `${idOf(from)} --> ${id}`)
  if (node.kind === 'sink') edges.push(`${id} --> ${idOf(`topic ${node.topic}`)}`)
  for (const store of storesOf(node)) edges.push(`${id} --- ${idOf(`store ${store}`)}`)
  return edges
}
