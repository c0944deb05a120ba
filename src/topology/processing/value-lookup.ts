import type { MaybePromise } from '../../model/maybe-promise.ts'
import type { KeyValueStore, ValueAndTimestamp } from '../../stores/contract/key-value-store.ts'
import type { VersionedStore } from '../../stores/contract/versioned-store.ts'
import type { SuppressedChange } from '../../stores/contract/suppress-buffer.ts'
import { isPromise } from '../../model/is-promise.ts'
import type { NodeContext } from './node-context.ts'
import { storesRead, type ValueGetter } from './value-getter.ts'

/** A row of a table; `undefined` where it has none. */
export type TableRow = ValueAndTimestamp<unknown> | undefined

/** What the stores of a look-up hold for a key, in their order. */
type Rows = readonly TableRow[]

type Versions = VersionedStore<unknown, unknown>

interface Store {
  readonly name: string
  readonly rows: KeyValueStore<unknown, unknown> | Versions
}

type Compute = (key: unknown, rows: Rows) => TableRow

/**
 * Looks up rows of a table, in a task.
 *
 * In two steps, because only stores make promises and only users' functions throw what a failure policy may skip: `read` asks
 * the stores, `compute` makes of their rows what the functions between make of them.
 *
 * `asTold`: the rows that the nodes of the stores have told, not those that wait in caches for the commit.
 */
export class ValueLookup {
  readonly #stores: readonly Store[]
  readonly #compute: Compute
  readonly #untold: NodeContext['untold'] | undefined

  constructor(getter: ValueGetter, context: NodeContext, { asTold = false } = {}) {
    const names = storesRead(getter)
    this.#stores = names.map((name) => ({ name, rows: context.store(name) }))
    this.#compute = createCompute(getter, names)
    this.#untold = asTold ? context.untold : undefined
  }

  /**
   * @param asOf Of versioned tables: the rows of that time, not those of now.
   * @throws StoreRefusedError `STORE_REFUSED` of a key that no store can hold.
   */
  read(key: unknown, asOf?: number): MaybePromise<Rows> {
    const rows = this.#stores.map((store) =>
      asOf === undefined ? this.#rowOf(store, key) : (store.rows as Versions).getAsOf(key, asOf),
    )
    return rows.some(isPromise)
      ? Promise.all(rows.map((row) => Promise.resolve(row)))
      : (rows as Rows)
  }

  /** The time of what was told last is not known. */
  #rowOf({ name, rows }: Store, key: unknown): MaybePromise<TableRow> {
    const untold = this.#untold?.get(name)?.find(key)
    return untold ? rowOf(untold.oldValue, -1) : rows.get(key)
  }

  /** @throws whatever users' functions throw. */
  compute(key: unknown, rows: Rows): TableRow {
    return this.#compute(key, rows)
  }
}

type GetterOf<Kind> = Extract<ValueGetter, { readonly kind: Kind }>

function createCompute(getter: ValueGetter, stores: readonly string[]): Compute {
  switch (getter.kind) {
    case 'store': {
      const index = stores.indexOf(getter.store)
      return (_key, rows) => rows[index]
    }
    case 'filter':
      return filtering(getter, createCompute(getter.parent, stores))
    case 'map-values':
      return mapping(getter, createCompute(getter.parent, stores))
    case 'transform-values':
      return transforming(getter, createCompute(getter.parent, stores))
    case 'suppressed':
      return suppressing(stores.indexOf(getter.buffer), createCompute(getter.parent, stores))
    case 'join':
      return joining(
        getter,
        createCompute(getter.left, stores),
        createCompute(getter.right, stores),
      )
  }
}

function filtering({ predicate, passing }: GetterOf<'filter'>, parent: Compute): Compute {
  return (key, rows) => {
    const row = parent(key, rows)
    return row && Boolean(predicate(key, row.value)) === passing ? row : undefined
  }
}

function mapping({ mapper }: GetterOf<'map-values'>, parent: Compute): Compute {
  return (key, rows) => {
    const row = parent(key, rows)
    return row && rowOf(mapper(row.value, key), row.timestamp)
  }
}

/** A row that is not there is transformed as well; its time is not known. */
function transforming(
  { createTransformer }: GetterOf<'transform-values'>,
  parent: Compute,
): Compute {
  const transform = createTransformer()
  return (key, rows) => {
    const row = parent(key, rows)
    return rowOf(transform(row?.value ?? null, key), row?.timestamp ?? -1)
  }
}

/** The time of what was told last is not known. */
function suppressing(buffer: number, parent: Compute): Compute {
  return (key, rows) => {
    const held = rows[buffer]
    return held ? rowOf((held.value as SuppressedChange).priorValue, -1) : parent(key, rows)
  }
}

function joining(
  { joiner, keepsLeft, keepsRight }: GetterOf<'join'>,
  left: Compute,
  right: Compute,
): Compute {
  return (key, rows) => {
    const one = left(key, rows)
    if (one === undefined && !keepsRight) return undefined
    const other = right(key, rows)
    if (other === undefined && (one === undefined || !keepsLeft)) return undefined
    const timestamp = Math.max(one?.timestamp ?? -1, other?.timestamp ?? -1)
    return rowOf(joiner(one?.value ?? null, other?.value ?? null), timestamp)
  }
}

function rowOf(value: unknown, timestamp: number): TableRow {
  return value === null || value === undefined ? undefined : { value, timestamp }
}
