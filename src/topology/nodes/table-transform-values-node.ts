import type { ValueFunction } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { TableValuesNode, type TableValuesDefinition } from './table-values-node.ts'

/** Makes another value of each row of a table, and of rows that are deleted. */
export interface TableTransformValuesDefinition extends TableValuesDefinition {
  readonly kind: 'table-transform-values'
  /** Makes the function that a task calls: one for the changes, one for each look-up. */
  readonly createTransformer: () => ValueFunction<unknown>
}

/** Replaces the value of each row by what a function makes of it; the function sees null where a row is deleted. */
export class TableTransformValuesNode extends TableValuesNode {
  readonly #transform: ValueFunction<unknown>

  constructor(definition: TableTransformValuesDefinition, site: NodeSite) {
    super(definition, site)
    this.#transform = definition.createTransformer()
  }

  protected override derive(key: unknown, value: unknown): unknown {
    return this.#transform(value, key)
  }
}
