import {
  claim,
  readClaims,
  reclaim,
  storeTransactionalId,
  type Claim,
  type ClaimRow,
  type FreshClaim,
} from '../commit/claim.ts'
import type { CommitBounds } from '../commit/commit-bounds.ts'
import { byLockOrder } from '../commit/lock-order.ts'
import type { Database } from '../database/database.ts'
import type { Kafka } from '../kafka/kafka.ts'
import type { TaskId } from '../model/task-id.ts'
import { inSpan } from '../telemetry/spans.ts'
import { reach, type Telemetry } from '../telemetry/telemetry.ts'

/** What a takeover works with. */
export interface TakeOverContext {
  readonly database: Database
  readonly kafka: Kafka
  /** Name of this instance in the claim rows; new with each start, but that of a static member. */
  readonly instance: string
  readonly bounds: CommitBounds
  readonly telemetry: Telemetry
}

/** Why a task may be claimed: the group assigned it, or this instance held it under an epoch. */
export type ClaimGround =
  { readonly assigned: readonly TaskId[] } | { readonly held: readonly Claim[] }

/**
 * Claim → fence → store (ARCHITECTURE.md, How a task changes hands); of a task that was released the claim is all. Afterwards the rows
 * that are answered name one's own id, no transaction of a predecessor is undecided, and the relay's progress and the outbox may be
 * read, in this order, by later statements.
 *
 * @param ownId Gives the id of a producer that is initialised.
 */
export async function takeOver(
  context: TakeOverContext,
  ground: ClaimGround,
  ownId: () => Promise<string>,
): Promise<Claim[]> {
  const { database, kafka, bounds, telemetry } = context
  return inSpan('rowstream.takeover', {}, async () => {
    const transactionalId = await ownId()
    const claims = await makeClaims(context, ground, transactionalId)
    if (claims.length === 0) return []
    await reach(telemetry, 'claimed')
    const released = claims.filter(({ predecessor }) => predecessor === null)
    const abandoned = claims.filter(({ predecessor }) => predecessor !== null)
    await fencePredecessors(kafka, abandoned)
    const stored = await storeTransactionalId(database, abandoned, transactionalId, bounds.claim)
    return [...released, ...stored].toSorted(byLockOrder)
  })
}

function makeClaims(
  { database, instance, bounds }: TakeOverContext,
  ground: ClaimGround,
  transactionalId: string,
): Promise<FreshClaim[]> {
  const options = { instance, transactionalId, bounds: bounds.claim }
  return 'assigned' in ground
    ? claim(database, ground.assigned, options)
    : reclaim(database, ground.held, options)
}

/** INVARIANT: the id in a claim row is the only one under which an undecided transaction can hold batches of the task. */
async function fencePredecessors(kafka: Kafka, claims: readonly FreshClaim[]): Promise<void> {
  const ids = new Set(claims.map(({ predecessor }) => predecessor).filter((id) => id !== null))
  await Promise.all([...ids].map((id) => kafka.fence(id)))
}

/** How often a row is looked at while its owner is asked to let go. */
const HAND_OVER_POLL_MS = 5

/** For whom {@link awaitRelease} waits, and how long. */
export interface AwaitReleaseOptions {
  readonly timeoutMs: number
  /** Whether an instance is a member of the group, as far as is known. */
  readonly isMember: (instance: string) => boolean
  readonly signal: AbortSignal
}

/**
 * Gives a living owner time to release tasks that were assigned away from it: a released task needs no fence, and its owner's
 * producer stays alive. Ends when none is held by another member any more (who is none has died, or is to be fenced), at the
 * deadline, or when the signal aborts.
 */
export async function awaitRelease(
  { database, telemetry, instance: self }: TakeOverContext,
  taskIds: readonly TaskId[],
  { timeoutMs, isMember, signal }: AwaitReleaseOptions,
): Promise<void> {
  const deadline = telemetry.clock.now() + timeoutMs
  const isHeld = ({ instance }: ClaimRow) =>
    instance !== null && instance !== self && isMember(instance)
  while (!signal.aborted && telemetry.clock.now() < deadline) {
    const rows = await readClaims(database, taskIds)
    if (!rows.some(isHeld)) return
    await telemetry.clock.sleep(HAND_OVER_POLL_MS, signal)
  }
}
