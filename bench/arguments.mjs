import { parseArgs } from 'node:util'
import { kafkaClients } from '../scripts/kafka-clients.mjs'

/**
 * @typedef {object} Settings
 * @property {readonly string[]} names Of the benches.
 * @property {boolean} isSmall One iteration, to see that it works.
 * @property {boolean} check Whether micro is compared with its stored ratios.
 * @property {number} rounds
 * @property {boolean} hasRounds Whether the rounds were asked for.
 * @property {number} lines
 * @property {number} records
 * @property {number} distinct Keys of the records.
 * @property {readonly Threads[]} threads Of Kafka Streams; each entry is a side.
 * @property {readonly KafkaClient[]} clients Of rowstream; each one is a side.
 * @property {readonly number[] | undefined} processes Of rowstream; each number makes a side of each client.
 * @property {number} latencySeconds At 1,000 lines/s.
 * @property {number} warmUpSeconds Before latency is measured.
 * @property {string} node `24`, `current` or the path of a binary.
 * @property {string | undefined} json File for the results of the one bench; else one for each in bench/results.
 * @property {boolean} isWritten Whether results are written without a file being named.
 * @property {boolean} profile
 * @property {Record<string, unknown>} streamsOptions Other than rowstream's defaults: for experiments.
 *
 * @typedef {import('../scripts/kafka-clients.mjs').KafkaClient} KafkaClient
 *
 * @typedef {object} Threads A side of Kafka Streams.
 * @property {number} threads
 * @property {number | undefined} commitIntervalMs Other than the default of `exactly_once_v2`, 100 ms.
 */

const options = /** @type {const} */ ({
  rounds: { type: 'string' },
  check: { type: 'boolean', default: false },
  lines: { type: 'string' },
  records: { type: 'string' },
  distinct: { type: 'string' },
  threads: { type: 'string' },
  client: { type: 'string' },
  processes: { type: 'string' },
  'latency-seconds': { type: 'string' },
  'warm-up-seconds': { type: 'string' },
  node: { type: 'string' },
  json: { type: 'string' },
  iterations: { type: 'string' },
  profile: { type: 'boolean', default: false },
  'streams-options': { type: 'string', default: '{}' },
  help: { type: 'boolean', default: false },
})

const FULL = {
  rounds: 5,
  lines: 1_000_000,
  records: 2_000_000,
  distinct: 1_000_000,
  threads: parseThreads('1,1@1000,2'),
  latencySeconds: 10,
  warmUpSeconds: 10,
}
const SMALL = {
  rounds: 1,
  lines: 20_000,
  records: 20_000,
  distinct: 10_000,
  threads: parseThreads('1'),
  latencySeconds: 2,
  warmUpSeconds: 1,
}
/** What a profile is taken of. */
const PROFILED = { rounds: 1, threads: [] }

/**
 * @param {readonly string[]} argv
 * @returns {Settings | undefined} Nothing when help was asked for.
 */
export function parseArguments(argv) {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  if (values.help) return undefined
  const isSmall = values.iterations !== undefined
  return {
    ...(isSmall ? SMALL : FULL),
    ...(values.profile ? PROFILED : {}),
    ...definedOnly({
      rounds: whole('rounds', values.rounds ?? values.iterations),
      lines: whole('lines', values.lines),
      records: whole('records', values.records),
      distinct: whole('distinct', values.distinct),
      threads: values.threads === undefined ? undefined : parseThreads(values.threads),
      latencySeconds: whole('latency-seconds', values['latency-seconds']),
      warmUpSeconds: whole('warm-up-seconds', values['warm-up-seconds']),
    }),
    names: positionals,
    isSmall,
    check: values.check,
    hasRounds: values.rounds !== undefined,
    isWritten: !isSmall && !values.profile && !values.check,
    clients: kafkaClients(values.client ?? (process.env['KAFKA_CLIENT'] || 'kafkajs,platformatic')),
    processes: values.processes?.split(',').map(Number),
    node: values.node ?? (isSmall ? 'current' : '24'),
    json: values.json,
    profile: values.profile,
    streamsOptions: JSON.parse(values['streams-options']),
  }
}

/**
 * @param {string} text Such as `1,1@1000,2`; `0` is no side.
 * @returns {Threads[]}
 */
function parseThreads(text) {
  return text.split(',').flatMap((side) => {
    const [threads, commitIntervalMs] = side.split('@').map(Number)
    return threads ? [{ threads, commitIntervalMs }] : []
  })
}

/**
 * @param {string} name
 * @param {string | undefined} text
 */
function whole(name, text) {
  if (text === undefined || /^\d+$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new TypeError(`--${name} is '${text}', not a whole number`)
}

/**
 * @template {object} T
 * @param {T} values
 * @returns {{ [K in keyof T]?: Exclude<T[K], undefined> }}
 */
function definedOnly(values) {
  return /** @type {never} */ (
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
  )
}
