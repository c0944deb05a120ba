import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { postgresBinaries } from '../../scripts/servers/postgres-binaries.mjs'
import { postgres } from '../../src/database/postgres/index.ts'
import type { Streams } from '../../src/runtime/streams.ts'
import type { StreamsState } from '../../src/runtime/lifecycle.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { TestApplication } from './support/test-application.ts'
import { UnwritableServer } from './support/unwritable-server.ts'
import { wordCount } from './support/word-count.ts'

const SESSION_MS = 6_000
/** Far more rows than a file of the full disk takes. */
const WORDS = 4_000
const WORDS_IN_LINE = 100

const words = Array.from({ length: WORDS }, (_, index) => `${index}`.padStart(1_200, 'x'))
const lines = Array.from({ length: WORDS / WORDS_IN_LINE }, (_, index) => ({
  partition: index % 2,
  value: words.slice(index * WORDS_IN_LINE, (index + 1) * WORDS_IN_LINE).join(' '),
}))

let server: UnwritableServer
let app: TestApplication
let states: StreamsState[]

beforeEach(async () => {
  server = await UnwritableServer.start()
  app = new TestApplication(wordCount, {
    ...{ database: postgres({ url: server.url }), databaseUrl: server.url },
    ...{ sessionTimeoutMs: SESSION_MS, taskTimeoutMs: 3_000 },
  })
  await app.createTopics()
  states = []
})
afterEach(async () => {
  await server.fillDisk(false)
  await server.setReadOnly(false)
  await app.remove()
  await server.stop()
})

/** Two instances that share the tasks, each with a commit behind it; whatever they become from now on is noted. */
async function startTwo(): Promise<readonly [Streams, Streams]> {
  const both = [app.create(), app.create()] as const
  for (const one of both) await one.start()
  await eventually('they share the tasks', () =>
    both.every(({ state, tasks }) => state === 'running' && tasks.length === 2),
  )
  await app.write([0, 1].map((partition) => ({ partition, value: 'first' })))
  await caughtUp(both)
  for (const one of both) one.on('state', (state) => states.push(state))
  return both
}

const caughtUp = (both: readonly Streams[]) => Promise.all(both.map((one) => one.caughtUp()))

const describeIfNative = postgresBinaries() ? describe : describe.skip

describeIfNative.each([
  ['a full disk', (isFull: boolean) => server.fillDisk(isFull)],
  ['a read-only database', (isReadOnly: boolean) => server.setReadOnly(isReadOnly)],
])('%s', (_, hurt) => {
  test('pauses what goes on by itself once it is gone, with nothing lost and nothing twice', async () => {
    const both = await startTwo()
    const tasks = both.map((one) => one.tasks)
    await hurt(true)
    await app.write([...lines, ...lines])
    const stuck = () => both.filter((one) => !one.health({ stuckAfterMs: SESSION_MS }).isLive)
    await eventually('one is stuck for longer than a session', () => stuck().length > 0)
    for (const one of stuck()) {
      const { isReady, reasons } = one.health({ stuckAfterMs: SESSION_MS })
      expect([isReady, reasons.join()]).toEqual([
        false,
        expect.stringContaining('a commit has not'),
      ])
    }
    const said = app.messages('warn').filter((line) => line.includes('takes no writes'))
    expect(said.length).toBeGreaterThanOrEqual(1)
    expect(said.length).toBeLessThanOrEqual(both.length)
    expect((await app.rows('counts')).size).toBeLessThan(WORDS)
    await hurt(false)
    await caughtUp(both)
    expect(await app.rows('counts')).toEqual(
      new Map([['first', 2], ...words.map((word): [string, number] => [word, 2])]),
    )
    expect(await app.differences()).toEqual([])
    expect([states, both.map((one) => one.tasks)]).toEqual([[], tasks])
    for (const one of both) expect(one.health().isReady).toBe(true)
  })

  test('does not keep an application from closing', async () => {
    const both = await startTwo()
    await hurt(true)
    await app.write(lines)
    const waits = () => app.messages('warn').some((line) => line.includes('takes no writes'))
    await eventually('a commit waits', waits)
    await Promise.all(both.map((one) => one.close({ timeoutMs: 500 })))
    await hurt(false)
    const next = app.create()
    await next.start()
    await eventually('it has all tasks', () => next.state === 'running' && next.tasks.length === 4)
    await next.caughtUp()
    expect((await app.rows('counts')).size).toBe(WORDS + 1)
    expect(await app.differences()).toEqual([])
  })
})
