import type { DslFactory } from './dsl-factory.ts'
import type { KStream, KTable } from './dsl.ts'
import type { NodeOptions } from './options.ts'
import type { TableState } from './table-state.ts'

/** A table of the topology that is being defined. */
export class DefinedTable implements KTable<unknown, unknown> {
  readonly #dsl: DslFactory
  readonly #state: TableState

  constructor(dsl: DslFactory, state: TableState) {
    this.#dsl = dsl
    this.#state = state
  }

  toStream({ name }: NodeOptions = {}): KStream<
    unknown,
    unknown,
    NonNullable<unknown>,
    NonNullable<unknown>
  > {
    const { graph } = this.#dsl
    const { node: parent, key, value } = this.#state
    const node = graph.nameNode('KTABLE-TOSTREAM-', name)
    graph.add({ kind: 'to-stream', name: node, parents: [parent] })
    return this.#dsl.stream({ node, key, value, keyChanged: false, valueMapped: false })
  }
}
