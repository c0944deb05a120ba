import { describe, expect, test } from '@jest/globals'
import { typeErrors, typeErrorsOfTests } from './support/check-types.ts'
import { unspoken } from './support/concerns.ts'
import { readDocstrings, readDocumented, readExamples } from './support/example.ts'
import { runExample } from './support/run-example.ts'
import { runStatements } from './support/run-statements.ts'

const src = new URL('../../../src/topology/', import.meta.url)
const FILES = [
  ...['dsl/dsl.ts', 'streams-builder.ts', 'topology-builder.ts', 'processor/store-builder.ts'],
  ...['processing/timestamp-extractors.ts', '../stores/contract/timers.ts'],
  ...['time', 'sliding', 'session', 'unlimited'].map((kind) => `windows/${kind}-windows.ts`),
]
const documented = FILES.flatMap((file) => readDocumented(new URL(file, src)))
const examples = documented.flatMap((one) => one.examples)

/** Methods of streams, of tables, and of what builds a topology. */
const OPERATORS = /^(\w*K(Grouped)?(Stream|Table)|(Streams|Topology)Builder)\./

/** What they do shows in the example of what they belong to. */
const SHOWN_ELSEWHERE = /^\w+Windows\./

/** No record goes through them. */
const WITHOUT_RECORDS = /\.(build|addStateStore)$/
const operators = documented.filter(
  ({ name }) => OPERATORS.test(name) && !WITHOUT_RECORDS.test(name),
)
const docstrings = FILES.flatMap((file) => readDocstrings(new URL(file, src)))

describe('the examples of docstrings', () => {
  test('are right by their types', () => {
    expect(typeErrors(examples)).toEqual([])
  })

  test.each(examples.map((example, index) => [`${example.name} (${index})`, example] as const))(
    '%s gives what it says',
    (_, example) => runExample(example),
  )
})

describe('a public operator', () => {
  test.each(documented.filter(({ name }) => !SHOWN_ELSEWHERE.test(name)))(
    '$name shows an example with its output',
    ({ examples: own }) => {
      expect(own.some(({ said }) => said.length > 1)).toBe(true)
    },
  )

  test.each(operators)('$name says what becomes of every part of a record', (operator) => {
    expect(unspoken(operator, docstrings)).toEqual([])
  })
})

const OF_TESTS = [
  ...['topology-test-driver', 'topology-test-driver-options', 'scenario'],
  ...['test-input-topic', 'test-output-topic', 'test-key-value-store', 'test-windowed-store'],
].map((file) => `../testing/${file}.ts`)
const tests = [...OF_TESTS, '../runtime/streams-options.ts'].flatMap((file) =>
  readExamples(new URL(file, src)),
)

describe('the examples of tests, and of options as tests see them,', () => {
  test('are right by their types', () => {
    expect(typeErrorsOfTests(tests)).toEqual([])
  })

  test.each(tests.map((example, index) => [`${example.name} (${index})`, example] as const))(
    '%s gives what it says',
    (_, example) => runStatements(example),
  )
})
