import { randomUUID } from 'node:crypto'
import type { Transaction } from '../database/transaction.ts'
import { CATALOGUE } from './system-tables.ts'

/** Where the catalogue says which database it is in. */
const PLACE: readonly [kind: string, name: string] = ['database', 'identity']

/**
 * Which database this is, in a word that it was given at its first start and keeps: a backup of it has the same. Two members of a
 * group that are told different ones do not share their state, whatever their connection strings look like.
 */
export async function identify(transaction: Transaction): Promise<string> {
  await transaction.insertMissing(CATALOGUE, [[...PLACE, { id: randomUUID() }]])
  const [row] = await transaction.getMany(CATALOGUE, { prefix: [], keys: [PLACE] })
  return (row?.[2] as { readonly id: string }).id
}
