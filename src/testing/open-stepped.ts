import { commitBounds } from '../commit/commit-bounds.ts'
import { memoryKafka } from '../kafka/memory/index.ts'
import { withDeadLetters } from '../runtime/task/dead-letter.ts'
import { FailurePolicy } from '../runtime/task/failure-policy.ts'
import { MemoryBounds } from '../runtime/memory-bounds.ts'
import { prepareApplication } from '../runtime/start/prepare-application.ts'
import { prepareSerdes } from '../runtime/start/prepare-serdes.ts'
import { SinkTopics } from '../runtime/sink-topics.ts'
import { resolveOptions, type StreamsOptions } from '../runtime/streams-options.ts'
import { createTelemetry } from '../telemetry/telemetry.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Topology } from '../topology/topology.ts'
import { SteppedApplication } from './stepped-application.ts'
import type { ToyClock } from './toy-clock.ts'
import { topicsRead } from './topics-read.ts'

/** What {@link openStepped} needs to know. */
export interface SteppedOptions {
  readonly topology: Topology
  /** For sources by pattern. */
  readonly topics: readonly string[]
  readonly options: StreamsOptions & { readonly logger: Logger }
  readonly clock: ToyClock
  /** Of topics that are made: with one all nodes form one task, with more the tasks are those of production. */
  readonly partitions: number
  /** Whether to commit after the record that was just processed. (Default: yes, but once for records that were piped together) */
  readonly commitsAfter?: (() => boolean) | undefined
  /** Whether to crash after the record that was just processed. (Default: no) */
  readonly crashesAfter?: (() => boolean) | undefined
}

/** Prepares the database and starts the tasks. Else nothing is left open. */
export async function openStepped(parts: SteppedOptions): Promise<SteppedApplication> {
  const options = resolveOptions(parts.options)
  const { applicationId, schema, processingGuarantee, cacheBytesMax } = options
  const { onError, deadLetterQueueTopic } = options
  const { logger } = parts.options
  const { partitions } = parts
  const compiled =
    partitions === 1
      ? parts.topology.forOneTask(applicationId, parts.topics)
      : parts.topology.forApplication(applicationId, parts.topics)
  const topology = withDeadLetters(compiled, deadLetterQueueTopic)
  const telemetry = createTelemetry({ logger, clock: parts.clock })
  const database = await options.database.open({ schema, logger })
  try {
    await prepareSerdes(topology, { retryMs: options.taskTimeoutMs })
    // Only to size topics: nothing is written to it.
    const kafka = await memoryKafka().open({ clientId: applicationId, logger })
    const topics = [...new Set([...topicsRead(topology), ...topology.outputTopics])]
    await kafka.createTopics(topics.map((topic) => ({ topic, partitions })))
    const plan = await prepareApplication(applicationId, topology, kafka, {
      database,
      telemetry,
      bounds: commitBounds(options.sessionTimeoutMs),
      retryMs: options.taskTimeoutMs,
    })
    await kafka.close()
    return await SteppedApplication.open({
      plan,
      database,
      clock: parts.clock,
      telemetry,
      bounds: commitBounds(options.sessionTimeoutMs).commit,
      surroundings: {
        database,
        // Whatever topic is chosen, it is there.
        sinkTopics: new SinkTopics(plan, processingGuarantee, () => Promise.resolve(partitions)),
        partitionsOf: plan.partitionsOf,
        policy: new FailurePolicy(onError, telemetry, deadLetterQueueTopic),
        telemetry,
        applicationId,
        bounds: new MemoryBounds(cacheBytesMax),
        streamTimeIdleMs: options.streamTimeIdleMs,
        timestampAheadMsMax: options.timestampAheadMsMax,
        onReadable: () => undefined,
        // What is not in its queues is nowhere.
        emptyAgo: () => 0,
        // A start is over when they are loaded.
        hasGlobalTables: () => true,
      },
      commitsAfter: parts.commitsAfter,
      crashesAfter: parts.crashesAfter,
    })
  } catch (error) {
    await database.close()
    throw error
  }
}
