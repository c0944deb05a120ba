import type { BrokerError } from '../client/broker-error.ts'
import { toBrokerError } from './translate-error.ts'

/** Why one topic or partition was refused. */
export interface Refusal {
  readonly partition?: number
  readonly error: BrokerError
}

/** kafkajs throws one error for a request that was refused in part: those of the topics or partitions are in a list of it. */
export async function refusals(
  request: Promise<unknown>,
  list: 'errors' | 'partitions',
): Promise<Refusal[]> {
  try {
    await request
    return []
  } catch (error) {
    const inside: unknown =
      error instanceof Error && list in error && (error as never as Record<string, unknown>)[list]
    if (!Array.isArray(inside)) throw error
    return (inside as (Error | RefusedPartition)[]).map(toRefusal)
  }
}

interface RefusedPartition {
  readonly partition: number
  readonly error: Error
}

function toRefusal(inside: Error | RefusedPartition): Refusal {
  if (inside instanceof Error) return { error: toBrokerError(inside) }
  return { partition: inside.partition, error: toBrokerError(inside.error) }
}
