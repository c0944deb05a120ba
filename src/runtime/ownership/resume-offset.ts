import type { SourcePosition } from '../../commit/commit-unit.ts'
import { OffsetOutOfRangeError } from '../../errors/kafka-errors.ts'
import type { LogRange } from '../../kafka/topics-and-offsets.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { ApplicationPlan } from '../application-plan.ts'
import type { OffsetOutOfRangeDecision } from '../streams-options.ts'

/** What finding the offset works with. */
export interface ResumeContext {
  readonly plan: ApplicationPlan
  /** Identity of topics as it is now, where the client can tell. */
  readonly topicIds: ReadonlyMap<string, string>
  readonly telemetry: Telemetry
  readonly onOffsetOutOfRange: OffsetOutOfRangeDecision
}

/**
 * Where a partition goes on that was read before. A stored offset that the log does not have means that records are missing: never a
 * silent jump.
 * @throws OffsetOutOfRangeError `OFFSET_OUT_OF_RANGE` where the application is to stop. It always does for another topic of the same
 *   name, whose offsets say nothing, and for an internal topic, whose records rowstream itself has promised.
 */
export function resumeOffset(
  position: SourcePosition,
  range: LogRange,
  context: ResumeContext,
): bigint {
  const { nextOffset } = position
  const { plan, topicIds, onOffsetOutOfRange } = context
  const isOther = isOtherTopic(position, topicIds)
  if (!isOther && nextOffset >= range.start && nextOffset <= range.end) return nextOffset
  if (onOffsetOutOfRange === 'fail' || isOther || isInternal(position, plan)) {
    throw new OffsetOutOfRangeError(position, nextOffset, range)
  }
  const taken = onOffsetOutOfRange === 'earliest' ? range.start : range.end
  tell(position, taken, context)
  return taken
}

function isOtherTopic(
  { topic, topicId }: SourcePosition,
  topicIds: ReadonlyMap<string, string>,
): boolean {
  const known = topicIds.get(topic)
  return topicId !== undefined && known !== undefined && known !== topicId
}

function isInternal({ topic }: SourcePosition, { topology }: ApplicationPlan): boolean {
  return topology.internalTopics.some((internal) => internal.topic === topic)
}

function tell(
  { topic, partition, nextOffset }: SourcePosition,
  taken: bigint,
  { telemetry }: ResumeContext,
): void {
  const [stored, resumed] = [nextOffset.toString(), taken.toString()]
  telemetry.logger.warn('a stored offset is outside its log: records are missing or come again', {
    ...{ topic, partition, stored, taken: resumed },
  })
  telemetry.instruments.offsetsReset.add(1, { topic, partition })
}
