import { TopologyError } from '../../errors/topology-error.ts'
import type { Serde } from '../../serdes/serde.ts'

/** Stands where a serde is needed and none is known; `build()` finds it before a record can. */
export const MISSING_SERDE: Serde<unknown> = Object.freeze({
  name: 'missing',
  serialize: refuse,
  deserialize: refuse,
  column: Object.freeze({ type: 'bytes', toCell: refuse, fromCell: refuse }),
})

function refuse(): never {
  throw new TopologyError('a serde is missing')
}
