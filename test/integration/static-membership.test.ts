import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import type { Streams } from '../../src/runtime/streams.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { databaseUrl } from './support/environment.ts'
import { Program } from './support/program.ts'
import { TestApplication, type TestApplicationOptions } from './support/test-application.ts'
import { countWordsOf } from './support/word-count.ts'

/** As the example service finds words: its instances and those of the test are members of one group. */
const wordCount = countWordsOf((line) => line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
const SESSION_MS = 30_000

let app: TestApplication
const programs: Program[] = []
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.signal('SIGKILL')
    await program.ended
  }
  await app.remove()
})

const open = async (options: TestApplicationOptions = {}) => {
  app = new TestApplication(wordCount, { partitions: 4, sessionTimeoutMs: SESSION_MS, ...options })
  await app.createTopics()
}

/** An instance of the example service, as a process that can be killed. */
function startProcess(groupInstanceId: string): Program {
  const program = new Program('build/services/example-wordcount/main.js', [], {
    ...{ APPLICATION_ID: app.name, INPUT_TOPIC: app.input, OUTPUT_TOPIC: app.output },
    ...{ GROUP_INSTANCE_ID: groupInstanceId, SESSION_TIMEOUT_MS: String(SESSION_MS) },
  })
  programs.push(program)
  return program
}

/** How often each task was taken over. */
async function epochs(): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const schema = app.name.replaceAll('-', '_')
  const { rows } = await client.query<{ task: string; epoch: string }>(
    `select task, epoch from "${schema}".rowstream_tasks order by task`,
  )
  await client.end()
  return Object.fromEntries(rows.map(({ task, epoch }) => [task, Number(epoch)]))
}

/** How often a member had to join again because the group changed. */
const rejoins = () => app.messages('debug').filter((line) => line.includes('interrupted')).length

const write = () =>
  app.write([0, 1, 2, 3].map((partition) => ({ partition, value: 'tea and tea' })))

/** What is told from now on of states and of other members that come and go. */
function listen(instance: Streams): () => { states: string[]; rejoins: number } {
  const states: string[] = []
  const before = rejoins()
  instance.on('state', (state) => void states.push(state))
  return () => ({ states, rejoins: rejoins() - before })
}

const NOTHING = { states: [], rejoins: 0 }

const share =
  (instances: readonly Streams[], tasksEach = 4) =>
  () =>
    instances.every(({ tasks, state }) => tasks.length === tasksEach && state === 'running')

test('an instance that is closed and started again within its session has its tasks, and nothing moves', async () => {
  await open()
  const stays = app.create({ groupInstanceId: 'stays' })
  const goes = app.create({ groupInstanceId: 'goes' })
  await stays.start()
  await goes.start()
  await eventually('they share the tasks', share([stays, goes]))
  await write()
  await stays.caughtUp()
  const [tasks, before] = [goes.tasks.toSorted(), await epochs()]
  const heard = listen(stays)
  await goes.close()
  await write()
  const back = app.create({ groupInstanceId: 'goes' })
  await back.start()
  await back.caughtUp()
  await stays.caughtUp()
  expect(back.tasks.toSorted()).toEqual(tasks)
  const after = await epochs()
  expect(heard()).toEqual(NOTHING)
  for (const taskId of stays.tasks) expect([taskId, after[taskId]]).toEqual([taskId, before[taskId]]) // prettier-ignore
  for (const taskId of tasks) expect([taskId, after[taskId]]).toEqual([taskId, before[taskId]! + 1])
  expect(await app.rows('counts')).toEqual(new Map([['and', 8], ['tea', 16]])) // prettier-ignore
  expect(await app.differences()).toEqual([])
})

test('the same after SIGKILL', async () => {
  await open()
  const stays = app.create({ groupInstanceId: 'stays' })
  await stays.start()
  const killed = startProcess('goes')
  await killed.printed(/counts the words/)
  await eventually('they share the tasks', share([stays]))
  await write()
  await stays.caughtUp()
  const before = await epochs()
  const heard = listen(stays)
  killed.signal('SIGKILL')
  await killed.ended
  await write()
  await startProcess('goes').printed(/counts the words/)
  await eventually('the tasks were taken over', share([stays]))
  const rows = async () => JSON.stringify([...(await app.rows('counts'))].toSorted())
  let counted = ''
  const poll = setInterval(() => void rows().then((found) => (counted = found)), 50)
  await eventually('all is counted', () => counted === '[["and",8],["tea",16]]').finally(() => clearInterval(poll)) // prettier-ignore
  const after = await epochs()
  expect(heard()).toEqual(NOTHING)
  const moved = Object.keys(after).filter((taskId) => after[taskId] !== before[taskId])
  expect(moved.some((taskId) => stays.tasks.includes(taskId as never))).toBe(false)
  expect(moved).toHaveLength(4)
})

test('of two that run under one name the older one stops, and is not asked what to do', async () => {
  await open({ groupInstanceId: 'one', onUncaughtError: () => 'replace-worker' })
  const [older, younger] = [app.create(), app.create()]
  const codes: (string | undefined)[] = []
  older.on('state', (_, error) => void (error && codes.push(error.code)))
  await older.start()
  await younger.start()
  await eventually('the older one has failed', () => older.state === 'failed')
  expect(codes).toEqual(['INSTANCE_FENCED'])
  await write()
  await younger.caughtUp()
  expect(await app.rows('counts')).toEqual(new Map([['and', 4], ['tea', 8]])) // prettier-ignore
})

test.each(['leads the group', 'follows'])(
  'one that comes back with another topology is refused all the same, when it %s',
  async (role) => {
    let isOther = false
    app = new TestApplication(
      (input, output) => {
        const builder = new StreamsBuilder()
        const keys = builder.stream(input, { key: serdes.string, value: serdes.string })
        keys.groupByKey().count({ store: 'counts' }).toStream().to(output)
        if (isOther) keys.groupByKey().count({ store: 'again' })
        return builder.build()
      },
      { partitions: 4, sessionTimeoutMs: SESSION_MS },
    )
    await app.createTopics()
    const stays = app.create({ groupInstanceId: 'stays' })
    const goes = app.create({ groupInstanceId: 'goes' })
    for (const one of role === 'follows' ? [stays, goes] : [goes, stays]) await one.start()
    await eventually('they share the tasks', share([stays, goes], 2))
    await goes.close()
    isOther = true
    const back = app.create({ groupInstanceId: 'goes' }).start()
    await expect(back).rejects.toMatchObject({ code: 'TOPOLOGY_REFUSED' })
    await eventually('the other one has all', () => stays.tasks.length === 4)
  },
)

test('all start again within the session after one of them has stopped the application', async () => {
  let isMended = false
  app = new TestApplication(
    (input, output) => {
      const builder = new StreamsBuilder()
      const values = builder.stream(input, { key: serdes.string, value: serdes.string })
      values
        .peek(() => {
          if (!isMended) throw new TypeError('not mended')
        })
        .to(output)
      return builder.build()
    },
    { partitions: 2, sessionTimeoutMs: SESSION_MS, onUncaughtError: () => 'stop-application' },
  )
  await app.createTopics()
  const names = ['one', 'other']
  const before = names.map((groupInstanceId) => app.create({ groupInstanceId }))
  for (const instance of before) await instance.start()
  await eventually('they share the tasks', share(before, 1))
  await app.write([{ partition: 0, key: 'k', value: 'tea' }])
  await eventually('all have failed', () => before.every(({ state }) => state === 'failed'))
  isMended = true
  const after = names.map((groupInstanceId) => app.create({ groupInstanceId }))
  await Promise.all(after.map((instance) => instance.start()))
  await eventually('they share the tasks again', share(after, 1))
})
