import type { Effect, Result, ResultRecord } from './scenario.ts'

/** A result in the form in which two are compared. */
export interface ComparableResult {
  readonly error: Result['error']
  /** In the order of each topic: Kafka promises none between topics. */
  readonly outputs: Readonly<Record<string, readonly ResultRecord[]>>
  /** In the order of each peek. */
  readonly effects: Readonly<Record<string, readonly Effect[]>>
  readonly stores: NonNullable<Result['stores']>
  readonly dropped: number
}

/**
 * What has to be equal: everything but the messages of errors and what Kafka Streams knows of itself.
 * @param left What is left out: fields in which Kafka Streams differs from itself.
 */
export function comparable(
  { error, outputs = [], effects = [], stores = {}, dropped = 0 }: Result,
  left: readonly string[] = [],
): ComparableResult {
  const result: ComparableResult = {
    error: error && { step: error.step, kind: error.kind },
    outputs: grouped(outputs, ({ topic }) => topic),
    effects: grouped(effects, ({ node }) => node),
    stores,
    dropped,
  }
  return { ...result, ...Object.fromEntries(left.map((field) => [field, undefined])) }
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, T[]> {
  const groups: Record<string, T[]> = {}
  for (const item of items) (groups[keyOf(item)] ??= []).push(item)
  return groups
}
