/** Values that belong to a log line. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where log lines go; `pino` and `winston` loggers fit after swapping arguments, `consoleLogger` is the default. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** Severity, from the least to the most. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/** One line of JSON on standard error for each message at or above the level. */
export function consoleLogger(level: LogLevel = 'info'): Logger {
  const at = (severity: Exclude<LogLevel, 'silent'>) =>
    LEVELS.indexOf(severity) < LEVELS.indexOf(level)
      ? () => undefined
      : (message: string, fields: LogFields = {}) => {
          const line = { time: new Date().toISOString(), level: severity, message, ...fields }
          process.stderr.write(`${JSON.stringify(line, plain)}\n`)
        }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error)
    return {
      name: value.name,
      message: value.message,
      ...('code' in value ? { code: value.code } : {}),
      ...(value.cause === undefined ? {} : { cause: value.cause }),
    }
  return value
}
