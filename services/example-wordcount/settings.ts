import type { KafkaClient } from './kafka.ts'

/** What the environment says. */
export interface Settings {
  readonly brokers: string[]
  readonly databaseUrl: string
  readonly applicationId: string
  readonly inputTopic: string
  readonly outputTopic: string
  /** Used when the service creates the topics. */
  readonly partitions: number
  readonly kafkaClient: KafkaClient
  readonly processingGuarantee: 'exactly_once' | 'at_least_once'
  readonly onError: 'fail' | 'skip'
  readonly commitIntervalMs: number | undefined
  readonly sessionTimeoutMs: number
  /** 0: none. */
  readonly healthPort: number
}

type Environment = Readonly<Record<string, string | undefined>>

/** A variable is missing or wrong; the message names it. */
export class SettingError extends TypeError {}

/** @throws SettingError naming the variable. */
export function readSettings(env: Environment): Settings {
  return {
    brokers: required(env, 'KAFKA_BROKERS').split(','),
    databaseUrl: url(required(env, 'DATABASE_URL')),
    applicationId: env['APPLICATION_ID'] ?? 'wordcount',
    inputTopic: env['INPUT_TOPIC'] ?? 'lines',
    outputTopic: env['OUTPUT_TOPIC'] ?? 'word-counts',
    partitions: positive(env, 'PARTITIONS') ?? 4,
    kafkaClient: oneOf(env, 'KAFKA_CLIENT', ['kafkajs', 'platformatic']),
    processingGuarantee: oneOf(env, 'PROCESSING_GUARANTEE', ['exactly_once', 'at_least_once']),
    onError: oneOf(env, 'ON_ERROR', ['fail', 'skip']),
    commitIntervalMs: positive(env, 'COMMIT_INTERVAL_MS'),
    sessionTimeoutMs: positive(env, 'SESSION_TIMEOUT_MS') ?? 10_000,
    healthPort: positive(env, 'HEALTH_PORT') ?? 0,
  }
}

function required(env: Environment, name: string): string {
  const value = env[name]
  if (value) return value
  throw new SettingError(`${name} is not set`)
}

function url(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text
  throw new SettingError(
    'DATABASE_URL is not of the form postgres://user:password@host:port/database',
  )
}

/** A whole number above 0; `0` and nothing mean not set. */
function positive(env: Environment, name: string): number | undefined {
  const text = env[name]
  if (text === undefined || text === '' || text === '0') return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new SettingError(`${name} is '${text}', not a whole number`)
}

/** One of the choices, the first when nothing is set. */
function oneOf<T extends string>(env: Environment, name: string, choices: readonly [T, ...T[]]): T {
  const text = env[name] ?? choices[0]
  const choice = choices.find((candidate) => candidate === text)
  if (choice) return choice
  throw new SettingError(`${name} is '${text}', not one of ${choices.join(', ')}`)
}
