import type { RecordFunction, ValueFunction } from './functions.ts'

/**
 * How the row of a key is found that a table has now: in its own store, or out of the stores of the tables above, by the
 * functions between. Plain data, part of the definition of the node that looks up.
 */
export type ValueGetter =
  | { readonly kind: 'store'; readonly store: string }
  | {
      readonly kind: 'filter'
      readonly parent: ValueGetter
      readonly predicate: RecordFunction<boolean>
      readonly passing: boolean
    }
  | {
      readonly kind: 'map-values'
      readonly parent: ValueGetter
      readonly mapper: ValueFunction<unknown>
    }
  | {
      readonly kind: 'transform-values'
      readonly parent: ValueGetter
      readonly createTransformer: () => ValueFunction<unknown>
    }
  | {
      /** What a table shows below a `suppress`: what was told last of what is held back. */
      readonly kind: 'suppressed'
      readonly parent: ValueGetter
      readonly buffer: string
    }
  | {
      readonly kind: 'join'
      readonly left: ValueGetter
      readonly right: ValueGetter
      readonly joiner: (left: unknown, right: unknown) => unknown
      /** Rows without a partner on the right are rows of the join. */
      readonly keepsLeft: boolean
      readonly keepsRight: boolean
    }

/** The names of the stores that a look-up reads. */
export function storesRead(getter: ValueGetter): readonly string[] {
  switch (getter.kind) {
    case 'store':
      return [getter.store]
    case 'join':
      return [...new Set([...storesRead(getter.left), ...storesRead(getter.right)])]
    case 'suppressed':
      return [getter.buffer, ...storesRead(getter.parent)]
    default:
      return storesRead(getter.parent)
  }
}
