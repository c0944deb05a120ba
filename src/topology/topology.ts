import { TopologyError } from '../errors/topology-error.ts'
import { compileTopology } from './compile/compile-topology.ts'
import type { BuildOptions } from './build-options.ts'
import { checkAttachedStores } from './graph/check-attached-stores.ts'
import { checkGlobalSources } from './graph/check-global-sources.ts'
import { checkExplicitNames } from './graph/check-explicit-names.ts'
import { checkSerdes } from './graph/check-serdes.ts'
import { describeGroups } from './graph/describe.ts'
import { groupNodes } from './graph/group-nodes.ts'
import { insertCombiners } from './graph/insert-combiners.ts'
import { keepNullKeys } from './graph/keep-null-keys.ts'
import { matchPatterns } from './graph/match-patterns.ts'
import { mergeSources } from './graph/merge-sources.ts'
import { shareStores } from './graph/share-stores.ts'
import { withoutCache } from './graph/without-cache.ts'
import { drawGroups } from './graph/mermaid.ts'
import type { NodeDefinition } from './graph/node-definition.ts'
import { optimize } from './graph/optimizations.ts'
import type { RunnableTopology } from './runnable-topology.ts'

/**
 * A validated topology that belongs to no application yet. Immutable; made by
 * `StreamsBuilder.build()` or `TopologyBuilder.build()`.
 */
export class Topology {
  /** Parents before children. */
  readonly #definitions: readonly NodeDefinition[]
  readonly #groups: readonly (readonly NodeDefinition[])[]

  private constructor(definitions: readonly NodeDefinition[]) {
    this.#definitions = definitions
    this.#groups = groupNodes(definitions)
    Object.freeze(this)
  }

  /** @throws TopologyError `TOPOLOGY_INVALID` @internal */
  static of(
    definitions: readonly NodeDefinition[],
    { optimize: asked = 'none', ensureExplicitNames = false }: BuildOptions = {},
  ): Topology {
    checkGlobalSources(definitions)
    const merged = mergeSources(shareStores(definitions))
    const optimised = insertCombiners(keepNullKeys(optimize(merged, asked)))
    if (optimised.length === 0)
      throw new TopologyError('a topology needs at least one source: call stream() before build()')
    if (ensureExplicitNames) checkExplicitNames(optimised)
    checkSerdes(optimised)
    checkAttachedStores(optimised)
    return new Topology(optimised)
  }

  /** The sub-topologies as text, in the format of Kafka Streams' `Topology.describe()`. */
  describe(): string {
    return describeGroups(this.#groups)
  }

  /** The sub-topologies as a Mermaid flowchart. */
  mermaid(): string {
    return drawGroups(this.#groups)
  }

  /**
   * The same topology, but nothing waits for a commit: every store forwards a change for each record, whatever its `cache`
   * says, and every combiner sends each record on at once. Names, tables and internal topics stay as they are.
   */
  uncached(): Topology {
    return new Topology(this.#definitions.map(withoutCache))
  }

  /** Whether which topics it reads depends on which there are. @internal */
  get hasPatterns(): boolean {
    return this.#definitions.some((one) => one.kind === 'source' && one.pattern !== undefined)
  }

  /**
   * The topology of one application: internal topics have its id in front of their names.
   *
   * @param topics All topics there are, for sources by pattern.
   * @throws ConfigurationError `CONFIGURATION_INVALID` when the id cannot be part of a topic's
   *   name, and what {@link matchPatterns} throws.
   * @internal
   */
  forApplication(applicationId: string, topics: readonly string[] = []): RunnableTopology {
    const definitions = matchPatterns(this.#definitions, topics, applicationId)
    return compileTopology(groupNodes(definitions), applicationId)
  }

  /** As {@link forApplication}, with all nodes in one sub-topology: what a driver runs that takes one record at a time. @internal */
  forOneTask(applicationId: string, topics: readonly string[] = []): RunnableTopology {
    return compileTopology([matchPatterns(this.#definitions, topics, applicationId)], applicationId)
  }
}
