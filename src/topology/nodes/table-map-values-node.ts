import type { ValueFunction } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { TableValuesNode, type TableValuesDefinition } from './table-values-node.ts'

/** Makes another value of each row of a table. */
export interface TableMapValuesDefinition extends TableValuesDefinition {
  readonly kind: 'table-map-values'
  readonly mapper: ValueFunction<unknown>
}

/** Replaces the value of each row; a deleted row stays deleted. */
export class TableMapValuesNode extends TableValuesNode {
  readonly #mapper: ValueFunction<unknown>

  constructor(definition: TableMapValuesDefinition, site: NodeSite) {
    super(definition, site)
    this.#mapper = definition.mapper
  }

  protected override derive(key: unknown, value: unknown): unknown {
    return value === null ? null : this.#mapper(value, key)
  }
}
