import {
  KafkaRefusedError,
  KafkaUndecidedError,
  KafkaUnreachableError,
} from '../../errors/kafka-errors.ts'
import { StreamsError } from '../../errors/streams-error.ts'
import {
  CODE,
  codeOf,
  isConnectionError,
  isStaleCoordinator,
  isStaleLeader,
  reasonOf,
} from './broker-error.ts'
import type { Brokers } from './brokers.ts'
import { backOff, retry } from './retry.ts'

/** Guess: longer than an election of a leader, shorter than the patience of somebody who watches a start. */
const TIMEOUT_MS = 15_000

/** Codes that are answered for a few milliseconds after something else was decided. */
const SOON = new Set<number>([CODE.CONCURRENT_TRANSACTIONS, CODE.UNSTABLE_OFFSET_COMMIT])

/** Repeats a request that may be repeated while its failures are of the passing kind, then says what is wrong in our words. */
export async function adminRequest<T>(
  brokers: Brokers,
  { name, timeoutMs = TIMEOUT_MS }: { readonly name: string; readonly timeoutMs?: number },
  request: () => Promise<T>,
): Promise<T> {
  try {
    return await retry(request, {
      timeoutMs,
      delayMs: (error, attempt) => passingDelayMs(brokers, error, attempt),
    })
  } catch (error) {
    if (StreamsError.is(error)) throw error
    if (isUndecided(error)) throw new KafkaUndecidedError(name, reasonOf(error), { cause: error })
    if (isPassing(error))
      throw new KafkaUnreachableError(await brokers.addresses(), { cause: error })
    throw new KafkaRefusedError(name, reasonOf(error), { cause: error })
  }
}

/** How long to wait before repeating a request; undefined for a failure that stays, or when the connections are closed. */
export function passingDelayMs(
  brokers: Brokers,
  error: unknown,
  attempt: number,
): number | undefined {
  if (brokers.isClosed || !isPassing(error)) return undefined
  if (isUndecided(error)) return backOff(attempt, { firstMs: 1, lastMs: 5 })
  return backOff(attempt, { firstMs: 20, lastMs: 500 })
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof KafkaUnreachableError ||
    isConnectionError(error) ||
    isStaleLeader(error) ||
    isStaleCoordinator(error) ||
    codeOf(error) === CODE.NOT_CONTROLLER ||
    isUndecided(error)
  )
}

function isUndecided(error: unknown): boolean {
  return SOON.has(codeOf(error) ?? 0)
}
