import type { Counter } from '@opentelemetry/api'
import type { LogFields, Logger } from '../../src/telemetry/logger.ts'
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts'
import type { TestPoint, TestSignals } from '../../src/telemetry/test-signals.ts'
import type { Clock } from '../../src/telemetry/clock.ts'

/** A line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: LogFields | undefined
}

/** A logger that keeps its lines. */
export function recordingLogger(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const at = (level: LogLine['level']) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields })
  return {
    logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    lines,
  }
}

/** A counter that was added to, with its attributes. */
export interface Counted {
  readonly value: number
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Telemetry that says nothing and keeps what it was told. */
export interface SilentTelemetry extends Telemetry {
  readonly lines: LogLine[]
  /** What `recordsDropped` counted. */
  readonly dropped: Counted[]
  /** What `offsetsReset` counted. */
  readonly reset: Counted[]
}

/** Telemetry for tests: nothing is printed; log lines and counted drops can be read. */
export function silentTelemetry(
  parts: { readonly clock?: Clock; readonly signals?: TestSignals } = {},
): SilentTelemetry {
  const { logger, lines } = recordingLogger()
  const [dropped, reset]: [Counted[], Counted[]] = [[], []]
  const telemetry = createTelemetry({ logger, ...parts })
  const instruments = {
    ...telemetry.instruments,
    recordsDropped: counterInto(dropped),
    offsetsReset: counterInto(reset),
  }
  return { ...telemetry, instruments, lines, dropped, reset }
}

function counterInto(counted: Counted[]): Counter {
  return { add: (value, attributes = {}) => void counted.push({ value, attributes }) }
}

/** Calls `stop` at one point, nothing at the others. */
export function signalsAt(point: TestPoint, stop: () => Promise<void>): TestSignals {
  return { reached: (reached) => (reached === point ? stop() : Promise.resolve()) }
}
