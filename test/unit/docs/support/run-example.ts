import { expect, jest } from '@jest/globals'
import ts from 'typescript'
import * as rowstream from '../../../../src/index.ts'
import type { TopologyTestDriver } from '../../../../src/testing/topology-test-driver.ts'
import { Topology } from '../../../../src/topology/topology.ts'
import { openDriver } from '../../testing/support/open-driver.ts'
import type { Example } from './example.ts'
import { givenOf, meant, type Given } from './given.ts'
import { serdeOf } from './literal-types.ts'
import { saidRecords, type SaidRecord } from './said-records.ts'

type Stream = rowstream.KStream<unknown, unknown>

/** What an example makes, by the names that its lines have for it. */
type Results = Readonly<Record<string, unknown>>

/** Runs an example with what its lines give, and compares what they say comes out. */
export async function runExample(example: Example): Promise<void> {
  const builder = new rowstream.StreamsBuilder()
  const results = evaluate(example, { builder, ...define(builder, givenOf(example)) })
  const captured = capture(results)
  const topology = results['out'] instanceof Topology ? results['out'] : builder.build()
  const driver = await openDriver(topology)
  const log = jest.spyOn(process.stdout, 'write').mockImplementation(() => true)
  try {
    await pipe(driver, example, topology)
    for (const { name, text } of example.said) {
      if (isInput(example, name, topology)) continue
      if (name === 'text') expect(log.mock.calls).toEqual([[`${text}\n`]])
      else if (name === 'rows') await expectRows(driver, example, text)
      else expectSaid(captured.get(name) ?? readTopic(driver, name, text), text)
    }
  } finally {
    log.mockRestore()
  }
}

function define(builder: rowstream.StreamsBuilder, given: readonly Given[]): Results {
  const defined = given.map(({ name, kind, records }) => {
    const options = {
      key: serdeOf(records.map(({ key }) => key)),
      value: serdeOf(records.map(({ value }) => value)),
    }
    const versioned = { historyRetentionMs: 60_000 }
    const make = {
      stream: () => builder.stream(name, options),
      table: () => builder.table(name, options),
      versioned: () => builder.table(name, { ...options, versioned, store: name }),
      global: () => builder.globalTable(name, options),
    }
    return [name, make[kind]()]
  })
  return Object.fromEntries(defined) as Results
}

/** What the last statement makes: it is called `out`, or what the statement calls it. */
function evaluate({ code }: Example, scope: Results): Results {
  const { statements } = ts.createSourceFile('', code, ts.ScriptTarget.Latest, true)
  const last = statements.at(-1)!
  const before = code.slice(0, last.getFullStart())
  const body = ts.isVariableStatement(last)
    ? `${code}\nreturn ${namesOf(last)}`
    : `${before}\nreturn { out: ${last.getText().replace(/;$/, '')} }`
  const script = ts.transpile(`{ ${body} }`, { target: ts.ScriptTarget.Latest })
  const all: Results = { ...rowstream, ...scope }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- of our own docstrings
  const run = new Function(...Object.keys(all), script) as (...values: unknown[]) => Results
  return run(...Object.values(all))
}

function namesOf(statement: ts.VariableStatement): string {
  const name = statement.declarationList.declarations[0]!.name.getText()
  return name.startsWith('{') ? name : `{ out: ${name} }`
}

/** Lists that fill with what comes out of the streams and the tables. */
function capture(results: Results): Map<string, SaidRecord[]> {
  const captured = new Map<string, SaidRecord[]>()
  for (const [name, result] of Object.entries(results)) {
    const stream = streamOf(result)
    if (!stream) continue
    const records: SaidRecord[] = []
    captured.set(name, records)
    stream.process(({ key, value, timestamp }) => void records.push({ key, value, timestamp }))
  }
  return captured
}

function streamOf(result: unknown): Stream | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  if ('toStream' in result) return (result as { toStream(): Stream }).toStream()
  return 'process' in result ? (result as Stream) : undefined
}

async function pipe(driver: TopologyTestDriver, example: Example, topology: Topology) {
  for (const { name, text } of example.said) {
    if (!isInput(example, name, topology)) continue
    const records = saidRecords(text)
    const topic = driver.createInputTopic(meant(example, name), {
      key: serdeOf(records.map(({ key }) => key)),
      value: serdeOf(records.map(({ value }) => value)),
    })
    for (const { key, value, timestamp = 0 } of records)
      await topic.pipeInput({ key, value, timestamp })
  }
}

function isInput(example: Example, name: string, topology: Topology): boolean {
  const read = [...topology.describe().matchAll(/\(topics: \[([^\]]*)\]\)/g)]
  return read.flatMap(([, topics = '']) => topics.split(', ')).includes(meant(example, name))
}

function readTopic(driver: TopologyTestDriver, topic: string, text: string): SaidRecord[] {
  const said = saidRecords(text)
  const options = {
    key: serdeOf(said.map(({ key }) => key)),
    value: serdeOf(said.map(({ value }) => value)),
  }
  return driver.createOutputTopic(topic, options).readRecords()
}

async function expectRows(driver: TopologyTestDriver, { code }: Example, text: string) {
  const [, store = ''] = /store: '([^']+)'/.exec(code) ?? []
  const rows = await driver.getKeyValueStore(store).entries()
  expectSaid(
    rows.map(({ key, value, timestamp }) => ({ key, value, timestamp })),
    text,
  )
}

/** Times are compared where they are said. */
function expectSaid(actual: readonly SaidRecord[], text: string): void {
  const said = saidRecords(text)
  const seen = actual.map(({ key, value, timestamp }, index) => ({
    ...{ key, value },
    timestamp: said[index]?.timestamp === undefined ? undefined : timestamp,
  }))
  expect(seen).toEqual(said)
}
