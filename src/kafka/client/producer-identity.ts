import { adminRequest } from './admin-request.ts'
import { TRANSACTION, type Broker, type Producer } from './broker.ts'
import type { Brokers } from './brokers.ts'

/** The coordinator aborts a transaction that takes longer, so that readers behind it are not held up for ever. */
export const TRANSACTION_TIMEOUT_MS = 10_000

/** Guess: deciding the old transaction takes milliseconds, unless partitions of it are without a leader. */
const INIT_TIMEOUT_MS = 60_000

/** Under what a producer writes, given to it by InitProducerId. */
export interface ProducerIdentity extends Producer {
  /** Null for a producer that is idempotent only. */
  readonly transactionalId: string | null
}

/**
 * InitProducerId until it succeeds. For a transactional id this fences every earlier producer and decides its transaction:
 * while that goes on the broker answers CONCURRENT_TRANSACTIONS, which passes within milliseconds.
 */
export async function initProducerId(
  brokers: Brokers,
  transactionalId: string | null,
): Promise<ProducerIdentity> {
  const init = async (broker: Broker): Promise<ProducerIdentity> => {
    const producer = await broker.initProducerId(transactionalId, TRANSACTION_TIMEOUT_MS)
    return { transactionalId, ...producer }
  }
  const name = `a producer id for ${transactionalId ?? 'an idempotent producer'}`
  return adminRequest(brokers, { name, timeoutMs: INIT_TIMEOUT_MS }, async () =>
    transactionalId === null
      ? init(await brokers.controller())
      : brokers.atCoordinator(TRANSACTION, transactionalId, init),
  )
}
