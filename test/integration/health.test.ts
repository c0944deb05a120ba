import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { StreamsState } from '../../src/runtime/lifecycle.ts'
import type { Streams } from '../../src/runtime/streams.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { deferred, type Deferred } from '../support/deferred.ts'
import { databaseUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'

const SESSION_MS = 6_000
const SERDES = { key: serdes.string, value: serdes.string }

let app: TestApplication
let hung: Deferred
afterEach(async () => {
  hung.resolve()
  await app.remove()
})

/** Counts keys; a record `hang` waits. */
function topology(input: string, output: string) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, SERDES)
    .process<string, string>(async (record, context) => {
      if (record.value === 'hang') await hung.promise
      await context.forward(record)
    })
    .groupByKey({ key: serdes.string, value: serdes.string, name: 'keys' })
    .count({ store: 'counts', cache: false })
    .toStream()
    .to(output, { value: serdes.int64 })
  return builder.build()
}

/** Two members that share the tasks, and what they become from now on: who is thrown out gives the other one its tasks. */
async function startTwo() {
  hung = deferred()
  app = new TestApplication(topology, { sessionTimeoutMs: SESSION_MS })
  await app.createTopics()
  const both = [app.create(), app.create()] as const
  for (const one of both) await one.start()
  await eventually('they share the tasks', () =>
    both.every(({ state, tasks }) => state === 'running' && tasks.length === 2),
  )
  const states: StreamsState[] = []
  for (const one of both) one.on('state', (state) => states.push(state))
  const write = (value: string) =>
    app.write([0, 1].map((partition) => ({ partition, key: `k${partition}`, value })))
  return { both, states, write }
}

const stuckOf = (both: readonly Streams[]) =>
  both.flatMap((one) => {
    const { isLive, isReady, reasons } = one.health({ stuckAfterMs: SESSION_MS })
    return isLive ? [] : [{ isReady, reasons: reasons.join() }]
  })

test('a handler that hangs for longer than a session is not live, and stays in the group until it goes on', async () => {
  const { both, states, write } = await startTwo()
  await write('hang')
  await eventually('both are stuck', () => stuckOf(both).length === 2)
  const reasons = expect.stringContaining('processing has not moved')
  expect(stuckOf(both)).toEqual([
    { isReady: false, reasons },
    { isReady: false, reasons },
  ])
  hung.resolve()
  await write('more')
  await Promise.all(both.map((one) => one.caughtUp()))
  expect(await app.rows('counts')).toEqual(new Map([['k0', 2], ['k1', 2]])) // prettier-ignore
  expect([states, stuckOf(both)]).toEqual([[], []])
})

test('a database that hangs for longer than a session is not live, and the instance stays in the group until it goes on', async () => {
  const { both, states, write } = await startTwo()
  await write('first')
  await Promise.all(both.map((one) => one.caughtUp()))
  const other = new pg.Client({ connectionString: databaseUrl })
  await other.connect()
  await other.query('begin')
  const schema = app.name.replaceAll('-', '_')
  await other.query(`lock table "${schema}".rowstream_tasks in access exclusive mode`)
  await write('more')
  await eventually('both are stuck', () => stuckOf(both).length === 2)
  const reasons = expect.stringContaining('a commit has not moved')
  expect(stuckOf(both)).toEqual([
    { isReady: false, reasons },
    { isReady: false, reasons },
  ])
  await other.query('rollback')
  await other.end()
  await Promise.all(both.map((one) => one.caughtUp()))
  expect(await app.rows('counts')).toEqual(new Map([['k0', 2], ['k1', 2]])) // prettier-ignore
  expect([states, stuckOf(both)]).toEqual([[], []])
})
