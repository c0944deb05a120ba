import { describe, expect, test } from '@jest/globals'
import { typeErrors } from './support/check-types.ts'
import { readDocumented } from './support/example.ts'
import { runExample } from './support/run-example.ts'

const src = new URL('../../../src/topology/', import.meta.url)
const FILES = [
  ...['dsl/dsl.ts', 'streams-builder.ts', 'topology-builder.ts', 'processor/store-builder.ts'],
  ...['processing/timestamp-extractors.ts'],
]
const documented = FILES.flatMap((file) => readDocumented(new URL(file, src)))
const examples = documented.flatMap((one) => one.examples)

/** What they do shows in the example of what they belong to. */
const SHOWN_ELSEWHERE = /^TopologyBuilder\./

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
})
