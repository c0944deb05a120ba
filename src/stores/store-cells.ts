import { StoreRefusedError } from '../errors/record-errors.ts'
import { StreamsError } from '../errors/streams-error.ts'
import type { Cell } from '../model/cell.ts'
import { keyColumnOf } from '../serdes/serde.ts'
import type { ValueStoreDefinition } from './contract/store-definition.ts'
import { checkKey } from './row-limits.ts'

/** The name and the serdes of a store. */
type StoreSerdes<K, V> = Pick<ValueStoreDefinition<K, V>, 'name' | 'key' | 'value'>

/** Keys and values of one store as cells of its table, and back. What no database is sure to hold is refused here. */
export class StoreCells<K, V> {
  readonly #definition: StoreSerdes<K, V>
  readonly #isInt64: boolean

  constructor(definition: StoreSerdes<K, V>) {
    this.#definition = definition
    this.#isInt64 = keyColumnOf(definition.key).type === 'int64'
  }

  /** @throws StoreRefusedError `STORE_REFUSED` */
  keyCell(key: K): Cell {
    const keyCell = this.#toKeyCell(key)
    checkKey(this.#definition.name, keyCell)
    // Rows give int64 as bigint, a serde may give a number: one key, one form.
    return typeof keyCell === 'number' && this.#isInt64 ? BigInt(keyCell) : keyCell
  }

  /** A key that the store would refuse is not read ahead: the node that asks for it gets the error. */
  keyCellIfValid(key: K): Cell | undefined {
    try {
      return this.keyCell(key)
    } catch {
      return undefined
    }
  }

  keyOf(cell: Cell): K {
    return keyColumnOf(this.#definition.key).fromCell(cell)
  }

  /** @throws StoreRefusedError `STORE_REFUSED` */
  valueCell(value: V): Cell {
    try {
      return this.#definition.value.column.toCell(value)
    } catch (cause) {
      throw this.#refused(cause)
    }
  }

  valueOf(cell: Cell): V {
    return this.#definition.value.column.fromCell(cell)
  }

  #toKeyCell(key: K): Cell {
    try {
      return keyColumnOf(this.#definition.key).toCell(key)
    } catch (cause) {
      throw this.#refused(cause)
    }
  }

  #refused(cause: unknown): StreamsError {
    if (StreamsError.is(cause)) return cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new StoreRefusedError(this.#definition.name, reason, { cause })
  }
}
