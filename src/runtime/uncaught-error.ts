import type { StreamsError } from '../errors/streams-error.ts'
import type { Logger } from '../telemetry/logger.ts'

/**
 * What an application does about an error that stops its work, as the answers of `StreamsUncaughtExceptionHandler` (KIP-671).
 *
 * `replace-worker`: what is not committed is forgotten, and the instance joins the group anew, with fresh caches and
 * connections of its consumer; a record that fails comes again · `stop-instance`: this instance fails, the others take its tasks
 * over · `stop-application`: all instances of the group fail, this one with its error and the others with `APPLICATION_STOPPED`.
 */
export type UncaughtErrorDecision = 'replace-worker' | 'stop-instance' | 'stop-application'

/** Decides about an error that no record's failure policy has taken care of. */
export type UncaughtErrorHandler = (error: StreamsError) => UncaughtErrorDecision

/** Errors about which nobody is asked: the rest of the group has decided, and a fenced instance that came back would fence the other. */
const DECIDED = new Set([
  'TOPOLOGY_REFUSED',
  'DATABASE_REFUSED',
  'APPLICATION_STOPPED',
  'INSTANCE_FENCED',
])

/** What the handler says; where it throws or says something else, the instance stops. */
export function decideUncaught(
  handler: UncaughtErrorHandler | undefined,
  error: StreamsError,
  logger: Logger,
): UncaughtErrorDecision {
  if (!handler || DECIDED.has(error.code)) return 'stop-instance'
  try {
    const decision = handler(error)
    if (['replace-worker', 'stop-application'].includes(decision)) return decision
  } catch (mistake) {
    logger.error('onUncaughtError threw: the instance stops', { error: mistake })
  }
  return 'stop-instance'
}
