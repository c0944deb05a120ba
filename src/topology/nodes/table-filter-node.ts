import type { RecordFunction } from '../processing/functions.ts'
import type { NodeSite } from './live-node.ts'
import { TableValuesNode, type TableValuesDefinition } from './table-values-node.ts'

/** Lets rows of a table through, or not. */
export interface TableFilterDefinition extends TableValuesDefinition {
  readonly kind: 'table-filter'
  readonly predicate: RecordFunction<boolean>
  /** What the predicate has to say of rows that stay. */
  readonly passing: boolean
}

/**
 * Deletes rows of which the predicate does not say what it should. Where old values are at hand, nothing is said of rows that
 * were not there before either.
 */
export class TableFilterNode extends TableValuesNode {
  readonly #predicate: RecordFunction<boolean>
  readonly #passing: boolean

  constructor(definition: TableFilterDefinition, site: NodeSite) {
    super(definition, site)
    this.#predicate = definition.predicate
    this.#passing = definition.passing
  }

  protected override derive(key: unknown, value: unknown): unknown {
    return value !== null && Boolean(this.#predicate(key, value)) === this.#passing ? value : null
  }

  protected override isNeedless(oldValue: unknown, newValue: unknown): boolean {
    return !this.isVersioned && this.sendsOldValues && oldValue === null && newValue === null
  }
}
