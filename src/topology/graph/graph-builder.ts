import { TopologyError } from '../../errors/topology-error.ts'
import type { StoreDefinition } from '../../stores/contract/store-definition.ts'
import { checkName } from './check-name.ts'
import { ownStoresOf, type NodeDefinition } from './node-definition.ts'
import { nameTaken } from './name-taken.ts'
import { pathTo, type Placed } from './path-to.ts'

const INDEX_DIGITS = 10

/**
 * What operators add nodes to, in the order in which they are called. The only mutable thing behind
 * the DSL.
 */
export class GraphBuilder {
  readonly #definitions = new Map<string, NodeDefinition>()
  /** By the name of a store: it, and the node that keeps it. */
  readonly #kept = new Map<string, { readonly store: StoreDefinition; readonly by: string }>()
  #nextIndex = 0

  get definitions(): readonly NodeDefinition[] {
    return [...this.#definitions.values()]
  }

  /**
   * The user's name, or else one with the prefix and the next number.
   *
   * Takes a number in both cases, as Kafka Streams does: naming one node must not rename all later
   * ones.
   */
  nameNode(prefix: string, given?: string): string {
    const generated = `${prefix}${this.#takeIndex()}`
    return given === undefined ? generated : checkName(given)
  }

  /** As {@link nameNode} for a store; a given name takes no number. */
  nameStore(prefix: string, given?: string): string {
    return given === undefined ? `${prefix}STATE-STORE-${this.#takeIndex()}` : checkName(given)
  }

  /** Names of the parents of a node; `undefined` when there is no such node. */
  parentsOf(name: string): readonly string[] | undefined {
    return this.#definitions.get(name)?.parents
  }

  /** The store of a name, if an operator keeps one. */
  storeOf(name: string): StoreDefinition | undefined {
    return this.definitions.flatMap(ownStoresOf).find((store) => store.name === name)
  }

  /** What leads to a node from its first source, for messages: `source → filter`. */
  pathOf(name: string): string {
    return this.#pathTo(this.#definitions.get(name) ?? { name, parents: [] })
  }

  /** @throws TopologyError `TOPOLOGY_INVALID` when a node, or another store, of the same name is there: with what leads to both. */
  add(definition: NodeDefinition): void {
    const { name } = definition
    if (this.#definitions.has(name))
      throw nameTaken(name, this.pathOf(name), this.#pathTo(definition))
    for (const store of ownStoresOf(definition)) this.#keep(store, definition)
    this.#definitions.set(name, Object.freeze(definition))
  }

  /** Replaces a node by what a later operator makes of it: a table is asked for its old values, a source for a store. */
  update(name: string, change: (definition: NodeDefinition) => NodeDefinition): void {
    const definition = this.#definitions.get(name)
    if (!definition) throw new TypeError(`no node ${name}`)
    const changed = change(definition)
    for (const store of ownStoresOf(changed)) this.#kept.set(store.name, { store, by: name })
    this.#definitions.set(name, Object.freeze(changed))
  }

  #keep(store: StoreDefinition, node: NodeDefinition): void {
    const kept = this.#kept.get(store.name)
    if (kept && kept.store !== store) {
      const places = `${this.pathOf(kept.by)} and ${this.#pathTo(node)}`
      throw new TopologyError(`two operators have a store named '${store.name}': ${places}`)
    }
    this.#kept.set(store.name, kept ?? { store, by: node.name })
  }

  #pathTo(node: Placed): string {
    return pathTo(node, (name) => this.#definitions.get(name))
  }

  #takeIndex(): string {
    return String(this.#nextIndex++).padStart(INDEX_DIGITS, '0')
  }
}
