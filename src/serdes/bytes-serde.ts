import type { Cell } from '../model/cell.ts'
import { describeValue } from './describe-value.ts'
import type { Serde } from './serde.ts'

/** Bytes as they are, not copied: whoever keeps them must not change them. In a bytes column. */
export const bytesSerde: Serde<Uint8Array> = Object.freeze({
  name: 'bytes',
  serialize: checked,
  deserialize: checked,

  column: Object.freeze({
    type: 'bytes',
    toCell: checked,
    fromCell: checked,
  }),
})

function checked(value: Cell): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`not bytes but ${describeValue(value)}`)
  return value
}
