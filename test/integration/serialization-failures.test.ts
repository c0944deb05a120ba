import { afterEach, expect, test } from '@jest/globals'
import pg from 'pg'
import { databaseUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'
import { wordCount } from './support/word-count.ts'

let app: TestApplication
afterEach(() => app.remove())

/** Has the server refuse every second commit that writes counts; a sequence counts on when a transaction is rolled back. */
async function refuseEverySecond(sqlState: string): Promise<void> {
  const schema = `"${app.name.replaceAll('-', '_')}"`
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`
    create sequence ${schema}.attempts;
    create function ${schema}.refuse() returns trigger language plpgsql as $$
      begin
        if nextval('${schema}.attempts') % 2 = 1 then
          raise exception 'could not serialize access' using errcode = '${sqlState}';
        end if;
        return null;
      end $$;
    create trigger refuse before insert on ${schema}.counts for each statement execute function ${schema}.refuse()`)
  await client.end()
}

async function refused(): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ last_value: string }>(
    `select last_value from "${app.name.replaceAll('-', '_')}".attempts`,
  )
  await client.end()
  return Math.ceil(Number(rows[0]!.last_value) / 2)
}

test.each([
  ['a serialization failure', '40001'],
  ['a deadlock', '40P01'],
])('%s (%s) is no bad record: the commit is made again', async (_, sqlState) => {
  app = new TestApplication(wordCount, { onError: 'skip' })
  await app.createTopics()
  expect(await app.run()).toBeUndefined()
  await refuseEverySecond(sqlState)
  await app.write(Array.from({ length: 200 }, (_, at) => ({ value: `w${at % 10}`, partition: at % 2 }))) // prettier-ignore
  expect(await app.run()).toBeUndefined()
  expect(await refused()).toBeGreaterThan(0)
  const expected = Array.from({ length: 10 }, (_, at) => [`w${at}`, 20] as const)
  expect(await app.rows('counts')).toEqual(new Map(expected))
  expect(await app.differences()).toEqual([])
  expect(app.drops).toEqual([])
})
