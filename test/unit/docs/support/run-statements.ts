import { expect } from '@jest/globals'
import ts from 'typescript'
import * as rowstream from '../../../../src/index.ts'
import * as testing from '../../../../src/testing/index.ts'
import { openDriver } from '../../testing/support/open-driver.ts'
import { wordCount } from '../../testing/support/topologies.ts'
import type { Example } from './example.ts'

const TEXT = { key: rowstream.serdes.string, value: rowstream.serdes.string }
const COUNT = { key: rowstream.serdes.string, value: rowstream.serdes.int64 }

/** `expression // what it gives` */
const CHECKED = /^(await )?(.+?) +\/\/ (.+)$/

/** Runs an example of a test, with the word count as its topology: what stands behind a line is what the line gives. */
export async function runStatements({ code }: Example): Promise<void> {
  const topology = wordCount()
  const driver = await openDriver(topology)
  const scope: Readonly<Record<string, unknown>> = {
    ...rowstream,
    ...testing,
    ...{ expect, topology, driver },
    lines: driver.createInputTopic('lines', TEXT),
    counts: driver.createOutputTopic('word-counts', COUNT),
  }
  const lines = code.split('\n').map((line) => {
    const [, wait = '', expression, said] = CHECKED.exec(line) ?? []
    return expression === undefined ? line : `expect(${wait}${expression}).toEqual(${said})`
  })
  const script = ts.transpile(`return async () => {\n${lines.join('\n')}\n}`, {
    target: ts.ScriptTarget.Latest,
  })
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- of our own docstrings
  const make = new Function(...Object.keys(scope), script) as (
    ...values: unknown[]
  ) => () => Promise<void>
  await make(...Object.values(scope))()
}
