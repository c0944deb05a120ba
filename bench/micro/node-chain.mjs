import { wordCount } from '../../build/services/example-wordcount/topology.js'
import { NO_HEADERS } from '../../dist/model/headers.js'
import { RECORDS, WORDS } from './data.mjs'

const APPLICATION = 'micro'
const REPARTITION = `${APPLICATION}-words-repartition`
const WORDS_A_LINE = 5

/** @type {Map<unknown, unknown>} */
const rows = new Map()
/** @type {SinkRecord[]} */
let sent = []

/** @typedef {import('../../dist/topology/processing/node-context.js').SinkRecord} SinkRecord */

/** A task's surroundings without any of its costs: what is measured is the nodes and the serdes. */
const context =
  /** @type {import('../../dist/topology/processing/node-context.js').NodeContext} */ (
    /** @type {unknown} */ ({
      /** @param {string} name */
      store: (name) => ({
        name,
        /** @param {unknown} key */
        get: (key) => rows.get(key),
        /** @param {unknown} key @param {unknown} entry */
        put: (key, entry) => void rows.set(key, entry),
      }),
      /** @param {SinkRecord} record */
      send: (record) => void sent.push(record),
      dropped: fail,
      failed: fail,
      untold: new Map(),
      time: () => ({ value: -1 }),
      timestampMax: Infinity,
      /** @param {unknown} _origin @param {() => unknown} forward */
      at: (_origin, forward) => forward(),
    })
  )
/** @typedef {import('../../dist/topology/runnable-topology.js').RunnableTopology} RunnableTopology */

/** What is internal is not declared in dist. */
const built = /** @type {{ forApplication(id: string): RunnableTopology }} */ (
  /** @type {unknown} */ (wordCount('lines', 'counts'))
)
const topology = built.forApplication(APPLICATION)
const [split, count] = topology.subtopologies.map((subtopology) => subtopology.open(context))

const lines = Array.from({ length: RECORDS / WORDS_A_LINE }, (_, line) =>
  record(null, WORDS.slice(line * WORDS_A_LINE, (line + 1) * WORDS_A_LINE).join(' ')),
)
const partials = runLines().map(({ key, value, headers }) => record(key, value, headers))

/** @type {import('./pieces.mjs').Micro[]} */
export const nodeChain = [
  {
    name: 'node chain: a word from its line to its partial count',
    operations: RECORDS,
    run: () => runLines().length,
  },
  {
    name: 'node chain: a partial count to its output record',
    operations: partials.length,
    run: () => run(count, REPARTITION, partials).length,
  },
]

function runLines() {
  return run(split, 'lines', lines)
}

/**
 * @param {import('../../dist/topology/processing/processing-graph.js').ProcessingGraph | undefined} graph
 * @param {string} topic
 * @param {import('../../dist/model/record.js').ConsumedRecord[]} records
 */
function run(graph, topic, records) {
  sent = []
  for (const one of records) void graph?.process(topic, graph.decode(topic, one))
  void graph?.flush()
  return sent
}

/**
 * @param {Uint8Array | null} key
 * @param {string | Uint8Array | null} value
 */
function record(key, value, headers = NO_HEADERS) {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return { offset: 0n, timestamp: 1_700_000_000_000, key, value: bytes, headers }
}

/** @param {unknown} cause @returns {never} */
function fail(cause) {
  throw new Error('a record of this bench failed', { cause })
}
