import { TIMERS } from '../../commit/system-tables.ts'
import type { Database } from '../../database/database.ts'
import { ReshardError } from '../../errors/reshard-error.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { Instance } from '../instance.ts'
import type { ResolvedOptions } from '../streams-options.ts'
import { alignTimes } from './align-times.ts'
import { OldLayout } from './old-layout.ts'
import type { GrownSubtopology, GrownTopic, Resize } from './resize.ts'

/** What a reshard works with. */
export interface ReshardContext {
  readonly kafka: Kafka
  readonly database: Database
  readonly options: ResolvedOptions
  readonly telemetry: Telemetry
}

/** A guess: how far it is has to be asked for. */
const LOOK_MS = 20
/** A member that has died is one of the group until its session is over. */
const SESSIONS = 3

/**
 * Runs the application as it was before its topics have grown, until everything is processed, committed and published that was written
 * for those partitions. Then the stream time of each task goes on to the latest of its sub-topology: keys of all of them will meet.
 * @throws what stops the application; ReshardError `RESHARD_REFUSED` while there are other instances, and where records of before and
 *   after are mixed.
 */
export async function finishPartitions(context: ReshardContext, resize: Resize): Promise<void> {
  const intake = new OldLayout(await keyedTopics(context.database, resize))
  let fail: (error: unknown) => void = () => undefined
  const failed = new Promise<never>((_, reject) => (fail = reject))
  failed.catch(() => undefined)
  const instance = new Instance({
    ...{ ...context, plan: resize.before, intake },
    isPaused: () => false,
    onBusy: () => undefined,
    onSettled: () => undefined,
    onFailed: (error) => fail(error),
  })
  let isDone = false
  try {
    await Promise.race([finish(instance, context, resize), failed])
    isDone = true
  } finally {
    await instance.stop({ commit: isDone })
  }
}

async function finish(
  instance: Instance,
  { options, telemetry: { clock } }: ReshardContext,
  { before, subtopologies }: Resize,
): Promise<void> {
  await instance.start()
  const deadline = clock.now() + SESSIONS * options.sessionTimeoutMs
  while (instance.tasks.length < before.tasks.size) {
    if (clock.now() > deadline) throw new ReshardError('other instances own tasks', 'stop them all')
    await clock.sleep(LOOK_MS)
  }
  const grown = new Set(subtopologies.map(({ subtopology }) => subtopology.id))
  do while (!(await instance.isCaughtUp())) await clock.sleep(LOOK_MS)
  while (await instance.exclusive((tasks) => alignTimes(tasks, grown)))
}

/** Topics from which keys come to what is kept: elsewhere it does not matter in which partition a record is. */
async function keyedTopics(database: Database, resize: Resize): Promise<GrownTopic[]> {
  const names = new Set<string>()
  for (const grown of resize.subtopologies) {
    if (!(await keepsByKey(database, resize, grown))) continue
    for (const { topic, internal } of grown.subtopology.sources) if (!internal) names.add(topic)
  }
  return resize.topics.filter(({ topic }) => names.has(topic))
}

async function keepsByKey(
  database: Database,
  resize: Resize,
  grown: GrownSubtopology,
): Promise<boolean> {
  if (grown.subtopology.stores.length > 0) return true
  const timers = resize
    .tasksBefore(grown)
    .map((task) => database.range(TIMERS, { prefix: [task], limit: 1 }))
  return (await Promise.all(timers)).some(({ length }) => length > 0)
}
