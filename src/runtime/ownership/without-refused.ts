import { isolateRefused } from '../../changelog/isolate-refused.ts'
import type { RelayBatch } from '../../changelog/relay-batch.ts'
import { ProductionError } from '../../errors/kafka-errors.ts'
import type { Kafka } from '../../kafka/kafka.ts'
import type { EncodedRecords } from '../../kafka/record-batch/encoded-records.ts'
import type { OutgoingRecord } from '../../model/record.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { SinkRecord } from '../../topology/processing/node-context.ts'
import type { ApplicationPlan } from '../application-plan.ts'
import { deadLetterOf } from '../task/dead-letter.ts'
import type { FailurePolicy } from '../task/failure-policy.ts'
import { Outgoing } from '../task/outgoing.ts'

/** What leaving out refused records works with. */
export interface RefusedContext {
  readonly plan: ApplicationPlan
  readonly kafka: Kafka
  readonly policy: FailurePolicy
  readonly clock: Clock
}

/**
 * Only after the broker refused a durable batch and the policy said to go on: the same batch without what it refuses, and with
 * dead letters of it where the policy wants them.
 * @throws ProductionError `PRODUCTION_REFUSED` where the policy says to stop, or the broker refuses the letters too.
 */
export async function withoutRefused(
  context: RefusedContext,
  batch: RelayBatch,
): Promise<RelayBatch> {
  const { accepted, refused } = await isolateRefused(context.kafka, batch.records)
  const letters = refused.flatMap((record) => letterOf(context, record) ?? [])
  const encoded = encode(context, letters)
  const [refusedLetter] = (await isolateRefused(context.kafka, encoded)).refused
  if (refusedLetter) throw refusalOf(refusedLetter)
  return { ...batch, records: [...accepted, ...encoded] }
}

/**
 * Nobody knows any more what the record was made of: the letter has its own bytes, and says where it was to go. It has the time of
 * the clock, since its own may be what was refused.
 */
function letterOf(
  { policy, clock }: RefusedContext,
  record: OutgoingRecord,
): SinkRecord | undefined {
  const { topic: refusing, partition, headers } = record
  const error = refusalOf(record)
  const position = { topic: refusing, partition }
  const topic = policy.decide('production', error, position)
  if (topic === undefined) return undefined
  const letter = { timestamp: clock.now(), headers }
  return deadLetterOf({ topic, source: record, record: letter, position, error })
}

function refusalOf({ topic, partition, timestamp }: OutgoingRecord): ProductionError {
  return new ProductionError(topic, `partition ${partition}, timestamp ${timestamp}`)
}

function encode(
  { plan }: RefusedContext,
  letters: readonly SinkRecord[],
): readonly EncodedRecords[] {
  const outgoing = new Outgoing({
    get: (topic) => ({ partitions: plan.partitionsOf.get(topic) ?? 1, byOutbox: true }),
  })
  for (const letter of letters) outgoing.add(letter)
  return outgoing.seal().byOutbox
}
