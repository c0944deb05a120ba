import type { StreamsError } from '../errors/streams-error.ts'
import type { RecordPosition } from '../model/record.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

/** What to do about one record: stop the application, or leave the record out. */
export type FailureDecision = 'fail' | 'skip'

/** A decision, or a function of the error: it knows code, topic, partition and offset. */
export type FailureHandler = FailureDecision | ((error: StreamsError) => FailureDecision)

/** The phases in which one record can fail. */
export type FailurePhase = 'deserialization' | 'processing' | 'production'

/** One handler for each phase; `'fail'` where none is given, as in Kafka Streams. */
export type FailureHandlers = Readonly<Partial<Record<FailurePhase, FailureHandler>>>

/** Decides about records that fail; what is skipped is counted and logged with topic, partition and offset. */
export class FailurePolicy {
  readonly #handlers: FailureHandlers
  readonly #telemetry: Telemetry

  constructor(handlers: FailureHandlers, telemetry: Telemetry) {
    this.#handlers = handlers
    this.#telemetry = telemetry
  }

  /** What the user wants for such an error; nothing is counted yet. */
  of(phase: FailurePhase, error: StreamsError): FailureDecision {
    const handler = this.#handlers[phase] ?? 'fail'
    return typeof handler === 'function' ? handler(error) : handler
  }

  /**
   * Returns when the record is to be left out. @throws the error itself when the application is to stop.
   * @param place The record's, where the error does not say it: one that was never written has no offset.
   */
  decide(
    phase: FailurePhase,
    error: StreamsError,
    place: Partial<RecordPosition> = error.position ?? {},
  ): void {
    if (this.of(phase, error) === 'fail') throw error
    this.#telemetry.instruments.recordsDropped.add(1, { reason: error.code })
    this.#telemetry.logger.warn(`record skipped: ${error.message}`, {
      code: error.code,
      phase,
      topic: place.topic,
      partition: place.partition,
      offset: place.offset,
    })
  }
}
