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
  /** A name that an instance keeps when it starts again, such as that of a pod of a stateful set. */
  readonly groupInstanceId: string | undefined
  /** 0: none. */
  readonly healthPort: number
}

/** Where settings come from: `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable is missing or wrong; the message names it. */
export class SettingError extends TypeError {}

/** @throws SettingError naming the variable. */
export function readSettings(env: Environment): Settings {
  return {
    ...topics(env),
    brokers: brokers(required(env, 'KAFKA_BROKERS')),
    databaseUrl: url(required(env, 'DATABASE_URL')),
    applicationId: env['APPLICATION_ID'] ?? 'wordcount',
    partitions: wholeNumber(env, 'PARTITIONS', 1) ?? 4,
    kafkaClient: oneOf(env, 'KAFKA_CLIENT', ['kafkajs', 'platformatic']),
    processingGuarantee: oneOf(env, 'PROCESSING_GUARANTEE', ['exactly_once', 'at_least_once']),
    onError: oneOf(env, 'ON_ERROR', ['fail', 'skip']),
    commitIntervalMs: wholeNumber(env, 'COMMIT_INTERVAL_MS', 1),
    sessionTimeoutMs: wholeNumber(env, 'SESSION_TIMEOUT_MS', 1) ?? 10_000,
    groupInstanceId: env['GROUP_INSTANCE_ID'] || undefined,
    healthPort: wholeNumber(env, 'HEALTH_PORT', 0, 65_535) ?? 0,
  }
}

function required(env: Environment, name: string): string {
  const value = env[name]
  if (value) return value
  throw new SettingError(`${name} is not set`)
}

/** The count of a word must not be counted as a line. */
function topics(env: Environment): Pick<Settings, 'inputTopic' | 'outputTopic'> {
  const inputTopic = env['INPUT_TOPIC'] ?? 'lines'
  const outputTopic = env['OUTPUT_TOPIC'] ?? 'word-counts'
  if (inputTopic !== outputTopic) return { inputTopic, outputTopic }
  throw new SettingError(`OUTPUT_TOPIC is '${outputTopic}', the same as INPUT_TOPIC`)
}

function brokers(list: string): string[] {
  const addresses = list.split(',').map((address) => address.trim())
  if (addresses.every((address) => /^\S+:\d{1,5}$/.test(address))) return addresses
  throw new SettingError(`KAFKA_BROKERS is '${list}', not a list of host:port separated by commas`)
}

function url(text: string): string {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text
  throw new SettingError(
    'DATABASE_URL is not of the form postgres://user:password@host:port/database',
  )
}

/** A whole number within its bounds; nothing means not set. */
function wholeNumber(
  env: Environment,
  name: string,
  least: number,
  most = 999_999_999,
): number | undefined {
  const text = env[name]
  if (text === undefined || text === '') return undefined
  if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new SettingError(`${name} is '${text}', not a whole number from ${least} to ${most}`)
}

/** One of the choices, the first when nothing is set. */
function oneOf<T extends string>(env: Environment, name: string, choices: readonly [T, ...T[]]): T {
  const text = env[name] ?? choices[0]
  const choice = choices.find((candidate) => candidate === text)
  if (choice) return choice
  throw new SettingError(`${name} is '${text}', not one of ${choices.join(', ')}`)
}
