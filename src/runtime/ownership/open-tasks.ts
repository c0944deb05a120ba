import { outboxRows, readOutbox, type OutboxRow } from '../../changelog/outbox-reader.ts'
import { progressOf, readProgress } from '../../changelog/progress.ts'
import { replayPositions } from '../../changelog/replay-positions.ts'
import type { RelayBatch } from '../../changelog/relay-batch.ts'
import { readClaims, type Claim, type ClaimRow } from '../../commit/claim.ts'
import { checkStillThere } from '../../commit/catalogue.ts'
import type { SourcePosition } from '../../commit/commit-unit.ts'
import { readPositions } from '../../commit/positions.ts'
import type { Database } from '../../database/database.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import type { GroupOffset, LogRange } from '../../kafka/topics-and-offsets.ts'
import type { TaskId } from '../../model/task-id.ts'
import { formatTopicPartition, type TopicPartition } from '../../model/topic-partition.ts'
import { offsetResetOf, storeEntriesOf, type TaskPlan } from '../application-plan.ts'
import { checkTopology } from '../start/compare-topology.ts'
import { initialOffset } from './initial-offset.ts'
import { PartitionQueue } from '../task/partition-queue.ts'
import type { RelayHolder } from '../relay-holder.ts'
import { resumeOffset, type ResumeContext } from './resume-offset.ts'
import { withoutRefused, type RefusedContext } from './without-refused.ts'

/** What opening tasks works with. */
export interface OpenTasksContext extends RefusedContext, Omit<ResumeContext, 'topicIds'> {
  readonly database: Database
  readonly relays: RelayHolder
}

/** A task that may be processed: nothing of its predecessor is undecided, and what it left is published or begins here. */
export interface ReadyTask {
  readonly claim: Claim
  readonly task: TaskPlan
  readonly row: ClaimRow
  readonly queues: readonly PartitionQueue[]
  /** What it sends is not stored, but made again by a next owner. */
  readonly isReplayed: boolean
  /** It begins where Kafka is, which may be before what the database says. */
  readonly isRewound: boolean
  /** What else the database says wrong then: of partitions that it does not read. */
  readonly unread: readonly SourcePosition[]
}

/** What of a predecessor's batches is in Kafka, and what is still to be published. */
interface Leftover {
  readonly taskId: TaskId
  readonly published: readonly OutboxRow[]
  readonly batches: readonly RelayBatch[]
}

/** What is left of a predecessor. */
interface Left {
  readonly task: TaskPlan
  /** Sequence of the last batch ever committed. */
  readonly sequence: bigint
  readonly outbox: readonly OutboxRow[]
  /** Positions in the database, and offsets in Kafka, of what is read now and was read before. */
  readonly durable: readonly SourcePosition[]
  readonly committed: ReadonlyMap<string, GroupOffset>
  readonly mustIsolate: boolean
}

/**
 * The second half of a takeover (ARCHITECTURE.md, How a task changes hands), after the ids are stored: read the relay's progress, then offsets and outbox,
 * publish what a predecessor left, and answer where to fetch from. What it left without records is not published but made again.
 */
export async function openTasks(
  context: OpenTasksContext,
  claims: readonly Claim[],
): Promise<ReadyTask[]> {
  const { plan, database, kafka, relays } = context
  const tasks = claims.map(({ taskId }) => plan.tasks.get(taskId)!)
  const partitions = tasks.flatMap((task) => task.partitions)
  const [progress, ranges, topicIds] = await Promise.all([
    readProgress(kafka, plan.applicationId, partitions),
    kafka.logRanges(partitions),
    readTopicIds(kafka, partitions),
  ])
  await checkStillThere(database, storeEntriesOf(plan, tasks))
  await checkTopology(database, plan)
  const taskIds = claims.map(({ taskId }) => taskId)
  const rows = new Map((await readClaims(database, taskIds)).map((row) => [row.taskId, row]))
  // What the broker refuses can be left out of stored records only.
  const { mustIsolate } = relays
  const opening = claims.map(async (claim, index) => {
    const task = tasks[index]!
    const row = rows.get(claim.taskId)!
    const outbox = await outboxRows(database, claim.taskId)
    const durable = await readPositions(database, claim.taskId)
    const committed = mustReplay(outbox) ? await withUnread(context, progress, durable) : progress
    const left = { task, sequence: row.sequence, outbox, durable, committed, mustIsolate }
    const { stored, unread } = resumeAt(left)
    const queues = await openQueues({ ...context, topicIds }, task, stored, ranges)
    const [isReplayed, isRewound] = [mayReplay(left), mustReplay(outbox)]
    const ready = { claim, task, row, queues, unread, isReplayed, isRewound }
    return { ready, leftover: await findLeftover(context, left, queues) }
  })
  const opened = await Promise.all(opening)
  publish(relays, opened)
  if (mustIsolate) relays.mustIsolate = false
  await relays.drain()
  return opened.map(({ ready }) => ready)
}

/**
 * INVARIANT: not before everything of all tasks has been read. A takeover that fails leaves reads under way: what they would still
 * publish is of an epoch that is over, in a relay that is somebody else's.
 */
function publish(relays: RelayHolder, opened: readonly { readonly leftover: Leftover }[]): void {
  for (const { leftover } of opened) {
    relays.addPublished(leftover.taskId, leftover.published)
    relays.enqueue(leftover.batches)
  }
}

/** Offsets of partitions too that were read once, and are not now. */
async function withUnread(
  { kafka, plan }: OpenTasksContext,
  progress: ReadonlyMap<string, GroupOffset>,
  durable: readonly SourcePosition[],
): Promise<ReadonlyMap<string, GroupOffset>> {
  const unread = durable.filter((position) => !progress.has(formatTopicPartition(position)))
  return new Map([...progress, ...(await readProgress(kafka, plan.applicationId, unread))])
}

/** Where the task's partitions go on that have a position. */
function resumeAt({ task, durable, outbox, committed }: Left): {
  readonly stored: readonly SourcePosition[]
  readonly unread: readonly SourcePosition[]
} {
  if (!mustReplay(outbox)) return { stored: durable, unread: [] }
  const { read, unread } = replayPositions(task.taskId, durable, task.partitions, committed)
  return { stored: read, unread }
}

/** Not those of the start: a topic may have been made again since. */
async function readTopicIds(
  kafka: Kafka,
  partitions: readonly TopicPartition[],
): Promise<ReadonlyMap<string, string>> {
  const described = await kafka.describeTopics([...new Set(partitions.map(({ topic }) => topic))])
  const ids = [...described].flatMap(([topic, { topicId }]): [string, string][] =>
    topicId ? [[topic, topicId]] : [],
  )
  return new Map(ids)
}

function openQueues(
  context: OpenTasksContext & ResumeContext,
  task: TaskPlan,
  stored: readonly SourcePosition[],
  ranges: ReadonlyMap<string, LogRange>,
): Promise<PartitionQueue[]> {
  const queues = task.partitions.map(async (partition) => {
    const range = ranges.get(formatTopicPartition(partition)) ?? { start: 0n, end: 0n }
    const position = stored.find(
      (one) => one.topic === partition.topic && one.partition === partition.partition,
    )
    const reset = offsetResetOf(task, partition.topic)
    const start = position
      ? resumeOffset(position, range, context)
      : await initialOffset({ partition, reset, range }, context)
    const topicId = context.topicIds.get(partition.topic)
    // Of another offset than the stored one it says nothing.
    const leaderEpoch = start === position?.nextOffset ? position.leaderEpoch : undefined
    return new PartitionQueue(partition, start, range.end, { topicId, leaderEpoch })
  })
  return Promise.all(queues)
}

/**
 * INVARIANT: where the last row has no records, the database's positions may be ahead of what Kafka has. This stays so until a
 * commit deletes the row and writes positions, whatever the progress says meanwhile.
 */
function mustReplay(outbox: readonly OutboxRow[]): boolean {
  return outbox.at(-1)?.isReplayed === true
}

/** Whether what the task sends need not be stored. */
function mayReplay({ task, mustIsolate }: Left): boolean {
  return task.subtopology.isStateless && !mustIsolate
}

/**
 * What is above the progress, and progress where there is none: before the task's first outbox row. Whoever would make a batch of this
 * task again begins where Kafka is: so Kafka has to be where the task begins.
 */
async function findLeftover(
  context: OpenTasksContext,
  left: Left,
  queues: readonly PartitionQueue[],
): Promise<Leftover> {
  const { task, sequence, outbox, durable, committed } = left
  const { taskId } = task
  const isReplayed = mustReplay(outbox)
  // Of a batch that is not stored all that was read then may tell.
  const told = isReplayed ? [...task.partitions, ...durable] : task.partitions
  const reached = progressOf({ taskId, sequence, rows: outbox }, told, committed)
  const published = outbox.filter((row) => isReplayed || row.sequence <= reached)
  const isBehind = reached < sequence
  const batches = isBehind && !isReplayed ? await unpublished(context, left, reached) : []
  const positions = queues.map(({ topic, partition, fetchPosition }) => ({
    topic,
    partition,
    nextOffset: fetchPosition,
  }))
  const mustTell = !isTold(left, positions) || (isBehind && isReplayed)
  const progress = { taskId, sequence, rows: [], positions, records: [] }
  return { taskId, published, batches: mustTell ? [...batches, progress] : batches }
}

/** Whether Kafka knows where the task begins. */
function isTold(left: Left, positions: readonly SourcePosition[]): boolean {
  return positions.every((position) => {
    const offset = left.committed.get(formatTopicPartition(position))?.offset
    return mayReplay(left) ? offset === position.nextOffset : offset !== undefined
  })
}

async function unpublished(
  context: OpenTasksContext,
  { task: { taskId }, mustIsolate }: Left,
  published: bigint,
): Promise<RelayBatch[]> {
  const batches = await readOutbox(context.database, taskId, published)
  if (!mustIsolate) return batches
  return Promise.all(batches.map((batch) => withoutRefused(context, batch)))
}
