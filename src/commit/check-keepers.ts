import type { Transaction } from '../database/transaction.ts'
import { CatalogueMismatchError } from '../errors/ownership-errors.ts'
import { isKeptBy } from '../model/kept-time-name.ts'
import type { TaskId } from '../model/task-id.ts'
import { TIMERS, TIMES } from './system-tables.ts'

/** Who has times and timers in a task, by name. */
export interface TimeKeepers {
  readonly taskId: TaskId
  readonly nodes: ReadonlySet<string>
  readonly stores: ReadonlySet<string>
}

/**
 * Compares who has kept times and set timers with what there is in the topology: an operator that moved, or has another name,
 * would begin anew without a word.
 *
 * @throws CatalogueMismatchError `CATALOGUE_MISMATCH` for the first that nobody would go on with.
 */
export async function checkKeepers(
  transaction: Transaction,
  keepers: readonly TimeKeepers[],
): Promise<void> {
  const isKept = new Map(keepers.map((one) => [one.taskId, isKeptBy(one.nodes, one.stores)]))
  for (const [task, name] of await transaction.range(TIMES, { prefix: [] }))
    if (isKept.get(task as TaskId)?.(name as string) === false)
      throw lost(`time '${name as string}'`, task as TaskId, 'name', TIMES.name)
  for (const { taskId, nodes } of keepers)
    for await (const node of nodesWithTimers(transaction, taskId))
      if (!nodes.has(node)) throw lost(`timers of '${node}'`, taskId, 'node', TIMERS.name)
}

/** Each once: a task may have millions of timers. */
async function* nodesWithTimers(transaction: Transaction, taskId: TaskId): AsyncGenerator<string> {
  for (let from = {}; ;) {
    const [row] = await transaction.range(TIMERS, { prefix: [taskId], ...from, limit: 1 })
    if (!row) return
    const node = row[1] as string
    yield node
    from = { from: { cell: node, inclusive: false } }
  }
}

function lost(what: string, taskId: TaskId, column: string, table: string): CatalogueMismatchError {
  return new CatalogueMismatchError(
    `task ${taskId}`,
    `one in which nobody goes on with the ${what}`,
    'an operator that does',
    `put it back where it was, under the name that it had (option name); or, if it has another one now, change the column ${column} ` +
      `of its rows in ${table} to that; or, if it is gone for good, delete them (see docs/evolution.md)`,
  )
}
