import { release, type Claim } from '../../commit/claim.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import type { TaskId } from '../../model/task-id.ts'
import type { TakeOverContext } from '../../rebalance/take-over.ts'
import type { Engine } from '../engine.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { RelayHolder } from '../relay-holder.ts'

/** What releasing works with. */
export interface ReleaseContext {
  readonly context: TakeOverContext
  readonly engine: Engine
  readonly commit: GroupCommit
  readonly relays: RelayHolder
  /** Tasks are ours no more; answers those claims of them that are not in doubt. */
  readonly disown: (taskIds: readonly TaskId[]) => readonly Claim[]
  /** Repeats what fails for passing reasons. */
  readonly patiently: (step: () => Promise<void>) => Promise<void>
}

/** How tasks are released. */
export interface ReleaseOptions {
  /** Whether what is processed is committed first. */
  readonly commit: boolean
  /** Aborts when there is no time left. */
  readonly over?: AbortSignal | undefined
}

/**
 * Release (ARCHITECTURE.md, How a task changes hands): only what is committed and published is let go with a clean row; otherwise
 * the successor fences.
 */
export async function releaseTasks(
  parts: ReleaseContext,
  taskIds: readonly TaskId[],
  { commit, over }: ReleaseOptions,
): Promise<void> {
  const unclean = await takeOut(parts, taskIds, { commit, over })
  const isPublished = !over?.aborted && (await parts.relays.drain())
  if (over?.aborted) return
  const claims = parts.disown(taskIds)
  if (isPublished)
    await giveBack(
      parts,
      claims.filter(({ taskId }) => !unclean.has(taskId)),
    )
}

/** Commits, and takes tasks out between two rounds; answers which may not be let go with a clean row. */
function takeOut(
  { engine, commit: groupCommit }: ReleaseContext,
  taskIds: readonly TaskId[],
  { commit, over }: ReleaseOptions,
): Promise<Set<TaskId>> {
  return engine.exclusive(async () => {
    if (commit) await engine.commitAll()
    else await groupCommit.settled()
    if (over?.aborted) return new Set()
    const unclean = engine.tasks.filter((task) => task.progress.isRewound).map(({ id }) => id)
    engine.remove(taskIds)
    return new Set(unclean)
  })
}

async function giveBack(
  { context, patiently }: ReleaseContext,
  claims: readonly Claim[],
): Promise<void> {
  const { database, bounds } = context
  await patiently(() => release(database, claims, bounds.claim).catch(leaveToSuccessor))
}

/** Whether a release is durable nobody knows, or nothing can be written: the successor fences whatever the row names. */
function leaveToSuccessor(error: unknown): void {
  const isLeft = StreamsError.is(error) && ['rejoin', 'wait'].includes(error.reaction)
  if (!isLeft) throw error
}
