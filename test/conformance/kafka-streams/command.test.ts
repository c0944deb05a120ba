import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'

/** It may have to be compiled first. */
const TEST_MS = 120_000

const folder = mkdtempSync(join(tmpdir(), 'rowstream-scenarios-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fine = (id: string, fn = 'upper') => ({
  id,
  topics: { in: 'string' },
  nodes: [
    { id: 's', op: 'stream', topics: ['in'] },
    { id: 'm', op: 'mapValues', in: 's', fn },
    { op: 'to', in: 'm', topic: 'out' },
  ],
  input: [{ topic: 'in', key: 'k', value: 'v', ts: 5 }],
})

const output = { step: 0, topic: 'out', key: 'k', value: 'V', ts: 5, headers: [] }

test(
  'whatever happens to a scenario is its result, and the next one is run',
  () => {
    const lines = [
      ...['{"id":"cut off","topics":{"in":"str', '42', '{"id":"empty"}'],
      fine('unknown function', 'sing'),
      { ...fine('unknown operator'), nodes: [{ id: 's', op: 'sing' }] },
      { ...fine('undeclared topic'), topics: { other: 'string' } },
      { ...fine('a wrong type'), nodes: [{ id: 's', op: 'stream', topics: 5 }] },
      fine('a function that throws', 'throwOn:v'),
      fine('fine'),
      { ...fine('endless'), nodes: [...fine('').nodes, { op: 'to', in: 'm', topic: 'in' }] },
      fine('fine again'),
    ]

    const results = run(
      lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))),
    )

    const unexpected = { step: -1, kind: 'unexpected', message: expect.any(String) }
    expect(results).toEqual([
      { id: 'cut off', specError: expect.stringMatching(/^not JSON/) },
      { id: null, specError: 'a scenario has an id, topics, nodes and input' },
      { id: 'empty', specError: 'a scenario has an id, topics, nodes and input' },
      { id: 'unknown function', specError: 'no function sing' },
      { id: 'unknown operator', unsupported: 'no operator sing' },
      { id: 'undeclared topic', specError: 'input for an undeclared topic in' },
      { id: 'a wrong type', outputs: [], error: unexpected },
      {
        id: 'a function that throws',
        outputs: [],
        dropped: 0,
        error: { step: 0, kind: 'processing' },
      },
      { id: 'fine', outputs: [output], dropped: 0, stores: {} },
      {
        id: 'endless',
        outputs: [],
        error: { step: -1, kind: 'timeout', message: 'not done after 2000 ms' },
      },
      { id: 'fine again', outputs: [output], dropped: 0, stores: {} },
    ])
  },
  TEST_MS,
)

function run(lines: readonly string[]): unknown[] {
  const file = join(folder, 'scenarios.jsonl')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  const command = join(import.meta.dirname, '..', '..', '..', 'scripts', 'conformance.mjs')
  const args = [command, '--limit-ms', '2000', file]
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: TEST_MS })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}
