import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { databaseUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication
afterEach(async () => {
  await run((client) => client.query(`drop schema if exists "${backup()}" cascade`))
  await app.remove()
})

const schema = () => app.name.replaceAll('-', '_')
const backup = () => `${schema()}_backup`

async function run(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await work(client)
  await client.end()
}

/** Tables with rows of their own: not the partitions of others. */
async function tables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition`,
    [schema()],
  )
  return rows.map(({ name }) => name)
}

/** Every row of the application, as of one moment. */
async function backUp(client: pg.Client): Promise<void> {
  await client.query(`begin isolation level repeatable read; create schema "${backup()}"`)
  for (const name of await tables(client))
    await client.query(`create table "${backup()}"."${name}" as table "${schema()}"."${name}"`)
  await client.query('commit')
}

async function restore(client: pg.Client): Promise<void> {
  await client.query('begin')
  for (const name of await tables(client)) {
    await client.query(`truncate "${schema()}"."${name}"`)
    await client.query(`insert into "${schema()}"."${name}" table "${backup()}"."${name}"`)
  }
  await client.query('commit')
}

test('a database that was restored from a backup, while Kafka went on, stops the application', async () => {
  app = new TestApplication(wordCount)
  await app.createTopics()
  await app.write([{ value: 'a b c' }, { value: 'a b', partition: 1 }])
  expect(await app.run()).toBeUndefined()
  await run(backUp)
  expect(await app.run()).toBeUndefined()
  await app.write([{ value: 'a b c' }, { value: 'a b', partition: 1 }])
  expect(await app.run()).toBeUndefined()
  const told = (await app.read(app.output)).length
  await run(restore)
  expect(await app.run()).toMatchObject({ code: 'RELAY_PROGRESS_LOST' })
  expect((await app.read(app.output)).length).toBe(told)
})

test('a backup of what is there is as good as the database', async () => {
  app = new TestApplication(wordCount)
  await app.createTopics()
  await app.write([{ value: 'a b c' }, { value: 'a b', partition: 1 }])
  expect(await app.run()).toBeUndefined()
  await run(backUp)
  await run(restore)
  await app.write([{ value: 'a' }])
  expect(await app.run()).toBeUndefined()
  expect(await app.rows('counts')).toEqual(new Map([['a', 3], ['b', 2], ['c', 1]])) // prettier-ignore
  expect(await app.differences()).toEqual([])
})
