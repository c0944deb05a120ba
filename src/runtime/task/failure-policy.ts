import { ConfigurationError } from '../../errors/configuration-error.ts'
import type { StreamsError } from '../../errors/streams-error.ts'
import type { RecordPosition } from '../../model/record.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'

/**
 * What to do about one record.
 *
 * - `fail`: the application stops, and nothing of the commit that the record would have been in becomes durable: neither its rows nor
 *   its outputs, nor those of other records. After a restart it is processed again.
 * - `skip`: the record is left out at the node whose function threw, counted and logged; the application goes on. Nothing goes to
 *   the nodes below, and operators of the DSL leave their stores as they were; only sessions that the record would have made one are
 *   gone when it cannot be added to them, as in Kafka Streams. What had happened before the function threw stays, and is committed:
 *   the rows and outputs of branches that came first, what a processor itself had put or forwarded, and what a joiner had made of
 *   partners before that one. Branches that come later get the record. So it is with the processing exception handler of Kafka Streams.
 * - `dead-letter`: as `skip`, and what was read goes to the dead letter topic, in the same commit.
 */
export type FailureDecision = 'fail' | 'skip' | 'dead-letter'

/** Every decision, in the order of the docs. */
export const FAILURE_DECISIONS: readonly FailureDecision[] = ['fail', 'skip', 'dead-letter']

/** A decision, or a function of the error: it knows code, topic, partition and offset. */
export type FailureHandler = FailureDecision | ((error: StreamsError) => FailureDecision)

/** The phases in which one record can fail. */
export type FailurePhase = 'deserialization' | 'processing' | 'production'

/** Every phase, in the order in which a record goes through them. */
export const FAILURE_PHASES: readonly FailurePhase[] = [
  'deserialization',
  'processing',
  'production',
]

/** One handler for each phase; `'fail'` where none is given, as in Kafka Streams. */
export type FailureHandlers = Readonly<Partial<Record<FailurePhase, FailureHandler>>>

/** Decides about records that fail; what goes no further is counted and logged with topic, partition and offset. */
export class FailurePolicy {
  readonly #handlers: FailureHandlers
  readonly #telemetry: Telemetry
  /** Where dead letters go, if anywhere. */
  readonly deadLetterTopic: string | undefined

  constructor(handlers: FailureHandlers, telemetry: Telemetry, deadLetterTopic?: string) {
    this.#handlers = handlers
    this.deadLetterTopic = deadLetterTopic
    this.#telemetry = telemetry
  }

  /** What the user wants for such an error; nothing is counted yet. */
  of(phase: FailurePhase, error: StreamsError): FailureDecision {
    const handler = this.#handlers[phase] ?? 'fail'
    return typeof handler === 'function' ? handler(error) : handler
  }

  /**
   * Returns when the record is to be left out: the topic that it goes to as a dead letter, if to any.
   * @throws the error itself when the application is to stop; ConfigurationError `CONFIGURATION_INVALID` when a function asks for
   *   a dead letter and there is no topic for it.
   * @param place The record's, where the error does not say it: one that was never written has no offset.
   */
  decide(
    phase: FailurePhase,
    error: StreamsError,
    place: Partial<RecordPosition> = error.position ?? {},
  ): string | undefined {
    const decision = this.of(phase, error)
    if (decision === 'fail') throw error
    const letterTopic = decision === 'dead-letter' ? this.#letterTopicFor(error) : undefined
    this.#telemetry.instruments.recordsDropped.add(1, { reason: error.code })
    const what = letterTopic === undefined ? 'skipped' : `sent to ${letterTopic}`
    this.#telemetry.logger.warn(`record ${what}: ${error.message}`, {
      code: error.code,
      phase,
      topic: place.topic,
      partition: place.partition,
      offset: place.offset,
    })
    return letterTopic
  }

  #letterTopicFor(cause: StreamsError): string {
    if (this.deadLetterTopic !== undefined) return this.deadLetterTopic
    const missing = 'onError says dead-letter, but no deadLetterQueueTopic is set'
    throw new ConfigurationError(missing, { cause })
  }
}
