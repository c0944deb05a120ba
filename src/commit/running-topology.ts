import type { Reader, Transaction } from '../database/transaction.ts'
import { fenceOwners } from './begin-migration.ts'
import { changedFields } from './catalogue.ts'
import type { Description } from './catalogue-entry.ts'
import { CATALOGUE, TASKS } from './system-tables.ts'

/** Where the catalogue says what the members of a group run that tell one another nothing. */
const PLACE: readonly [kind: string, name: string] = ['members', 'topology']

/** A topology that is to run, where nobody but the catalogue can compare it with that of the members that there are. */
export interface RunningTopology {
  readonly fingerprint: Description
  /** Asked before anything is changed, with what the catalogue says. @throws where that may not be replaced. */
  readonly admit: (running: Description | undefined) => Promise<void>
}

/** What runs, as the last start left it that changed it; `undefined` where none has said so. */
export async function readRunning(reader: Reader): Promise<Description | undefined> {
  const [row] = await reader.getMany(CATALOGUE, { prefix: [], keys: [PLACE] })
  return row?.[2] as Description | undefined
}

/**
 * Lets the catalogue say what runs from now on.
 *
 * INVARIANT: where that is another topology, the mark and new epochs of all tasks are one transaction. Who still runs the one before is
 * fenced, finds the mark when it claims anew, and stops: tasks are never owned by members of different topologies.
 */
export async function replaceRunning(
  transaction: Transaction,
  fingerprint: Description,
): Promise<void> {
  const running = await readRunning(transaction)
  if (running && changedFields(fingerprint, running).length === 0) return
  await transaction.upsertMany(CATALOGUE, [[...PLACE, fingerprint]])
  if (!running) return
  const tasks = await transaction.range(TASKS, { prefix: [] })
  await fenceOwners(
    transaction,
    tasks.map(([task]) => task as string),
  )
}
