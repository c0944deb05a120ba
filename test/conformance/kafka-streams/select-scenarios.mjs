/**
 * `node test/conformance/kafka-streams/select-scenarios.mjs FOLDER`: writes `scenarios/*.jsonl` anew.
 *
 * FOLDER holds `handmade.jsonl`, scenarios for Apache Kafka Streams, and `handmade.expected.jsonl`, what Kafka Streams 4.3.1
 * made of them on its own TopologyTestDriver. Kept are those that use nothing but what rowstream has; one line holds a
 * scenario and what is expected of it. `scenario.ts` says what is in them.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STREAM_OPERATORS = [
  ...['stream', 'filter', 'filterNot', 'map', 'mapValues', 'flatMap', 'flatMapValues', 'selectKey'],
  ...[
    'peek',
    'foreach',
    'split',
    'repartition',
    'merge',
    'groupByKey',
    'groupBy',
    'windowedBy',
    'cogroup',
    'toStream',
    'to',
  ],
  ...['join', 'joinTable', 'joinGlobal'],
  ...['process', 'processValues'],
]
const TABLE_OPERATORS = [
  ...[
    'count',
    'reduce',
    'aggregate',
    'table',
    'globalTable',
    'toTable',
    'transformValues',
    'joinTables',
    'suppress',
  ],
  'joinFk',
]

const folder = process.argv[2] ?? ''
if (!folder) throw new TypeError('usage: select-scenarios.mjs FOLDER')

/**
 * @typedef {{ id: string, op: string, in?: string | string[] }} Node
 * @typedef {{ id: string, nodes: Node[] }} Scenario
 * @typedef {{ id: string, queueTies?: number }} Expected
 */

/** @param {string} name */
function readLines(name) {
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n')
  return lines.map((line) => /** @type {unknown} */ (JSON.parse(line)))
}

/** @param {Scenario} scenario @param {Expected | undefined} expected */
function isSupported({ nodes }, expected) {
  const isFine = (/** @type {Node} */ { op }) =>
    [...STREAM_OPERATORS, ...TABLE_OPERATORS].includes(op)
  // With ties between queues Kafka Streams itself promises no order.
  return nodes.every(isFine) && !expected?.queueTies
}

const results = /** @type {Expected[]} */ (readLines('handmade.expected.jsonl'))
const expectedOf = new Map(results.map((result) => [result.id, result]))
/** @type {Map<string, string[]>} */
const files = new Map()
for (const scenario of /** @type {Scenario[]} */ (readLines('handmade.jsonl'))) {
  const expected = expectedOf.get(scenario.id)
  if (!isSupported(scenario, expected)) continue
  const [family = ''] = scenario.id.split('/')
  const line = JSON.stringify({ scenario, expected })
  files.set(family, [...(files.get(family) ?? []), line])
}

const target = join(import.meta.dirname, 'scenarios')
mkdirSync(target, { recursive: true })
for (const [family, lines] of files) {
  writeFileSync(join(target, `${family}.jsonl`), lines.map((line) => `${line}\n`).join(''))
  console.log(`${family}: ${lines.length}`)
}
