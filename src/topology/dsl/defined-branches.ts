import { TopologyError } from '../../errors/topology-error.ts'
import type { BranchDefinition } from '../nodes/branch-node.ts'
import type { RecordFunction } from '../processing/functions.ts'
import { checkFunction } from './check-function.ts'
import type { DslFactory } from './dsl-factory.ts'
import type { BranchedKStream, KStream } from './dsl.ts'
import type { StreamState } from './stream-state.ts'

type AnyStream = KStream<unknown, unknown, unknown, unknown>
type AnyBranches = BranchedKStream<unknown, unknown, unknown, unknown, string>

/** Kafka Streams numbers branches without a name, and the default is 0. */
const DEFAULT_NODE = '0'

/** A split of the topology that is being defined: each branch is added to its node. */
export class DefinedBranches implements AnyBranches {
  readonly #dsl: DslFactory
  readonly #state: StreamState
  readonly #node: string
  readonly #streams: Record<string, AnyStream> = {}

  /** @param node Name of the node that splits. */
  constructor(dsl: DslFactory, state: StreamState, node: string) {
    this.#dsl = dsl
    this.#state = state
    this.#node = node
  }

  branch<Name extends string>(
    predicate: RecordFunction<boolean>,
    { name }: { readonly name: Name },
  ): AnyBranches {
    checkFunction(predicate, 'branch')
    const child = this.#addChild(name, name)
    this.#update((split) => ({ ...split, branches: [...split.branches, { predicate, child }] }))
    return this
  }

  defaultBranch<Name extends string>(options?: {
    readonly name: Name
  }): Readonly<Record<string, AnyStream>> {
    const child = this.#addChild(options?.name ?? 'default', options?.name ?? DEFAULT_NODE)
    this.#update((split) => {
      if (split.defaultChild === undefined) return { ...split, defaultChild: child }
      throw new TopologyError(`node ${this.#node} has a default branch already`)
    })
    return this.noDefaultBranch()
  }

  noDefaultBranch(): Readonly<Record<string, AnyStream>> {
    return Object.freeze({ ...this.#streams })
  }

  #addChild(name: string, suffix: string): string {
    const { graph } = this.#dsl
    const child = graph.nameNode('', `${this.#node}${suffix}`)
    graph.add({ kind: 'pass-through', name: child, parents: [this.#node] })
    this.#streams[name] = this.#dsl.stream({ ...this.#state, node: child })
    return child
  }

  #update(change: (split: BranchDefinition) => BranchDefinition): void {
    this.#dsl.graph.update(this.#node, (definition) =>
      definition.kind === 'branch' ? change(definition) : definition,
    )
  }
}
