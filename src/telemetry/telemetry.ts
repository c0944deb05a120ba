import { systemClock, type Clock } from './clock.ts'
import { createInstruments, type Instruments } from './instruments.ts'
import { consoleLogger, type Logger } from './logger.ts'
import type { TestPoint, TestSignals } from './test-signals.ts'

/** What every room needs to speak and to tell time. */
export interface Telemetry {
  readonly logger: Logger
  readonly clock: Clock
  readonly instruments: Instruments
  readonly signals: TestSignals | undefined
}

/** Fills in what was not given: JSON lines on standard error, the machine's clock, no test signals. */
export function createTelemetry(parts: Partial<Omit<Telemetry, 'instruments'>> = {}): Telemetry {
  return {
    logger: parts.logger ?? consoleLogger(),
    clock: parts.clock ?? systemClock,
    instruments: createInstruments(),
    signals: parts.signals,
  }
}

/** Waits where a test wants to stop at this point; otherwise costs one comparison. */
export async function reach(telemetry: Telemetry, point: TestPoint): Promise<void> {
  if (telemetry.signals) await telemetry.signals.reached(point)
}
