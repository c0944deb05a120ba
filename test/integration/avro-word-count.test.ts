import { afterEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { schemaRegistry, topicName } from '../../src/serdes/schema-registry/index.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { databaseUrl, schemaRegistryUrl } from './support/environment.ts'
import { TestApplication } from './support/test-application.ts'

interface Line {
  readonly text: string
}

interface Tally {
  readonly count: number
}

const describeWithRegistry = schemaRegistryUrl ? describe : describe.skip
let app: TestApplication | undefined
afterEach(() => app?.remove())

/** As in a process of its own: it knows no schema but by the registry. */
function createSerdes(input: string, output: string) {
  const registry = schemaRegistry({ host: schemaRegistryUrl! })
  const record = (name: string, field: object) => ({ type: 'record', name, fields: [field] })
  return {
    line: registry.serde<Line>({
      type: 'avro',
      subject: topicName(input, 'value'),
      schema: record('Line', { name: 'text', type: 'string' }),
    }),
    tally: registry.serde<Tally>({
      type: 'avro',
      subject: topicName(output, 'value'),
      schema: record('Tally', { name: 'count', type: 'int' }),
    }),
  }
}

function wordCount(input: string, output: string): Topology {
  const { line, tally } = createSerdes(input, output)
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: serdes.string, value: line })
    .flatMapValues(({ text }) => text.split(' '))
    .groupBy((_, word) => word, { name: 'words', value: serdes.string })
    .aggregate({
      init: (): Tally => ({ count: 0 }),
      add: (_, __, { count }): Tally => ({ count: count + 1 }),
      store: 'tallies',
      value: tally,
    })
    .toStream()
    .to(output)
  return builder.build()
}

async function lastOf(application: TestApplication): Promise<Record<string, number>> {
  const { tally } = createSerdes(application.input, application.output)
  await tally.prepare!({ isWritten: true })
  const last: Record<string, number> = {}
  for (const { key, value } of await application.read(application.output))
    last[Buffer.from(key!).toString()] = tally.deserialize(value!).count
  return last
}

/** The schema's id in each row of the store: other readers find the schema by it. */
async function idsOfRows({ name }: TestApplication): Promise<number[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const schema = name.replaceAll('-', '_')
  const { rows } = await client.query<{ value: Buffer }>(`select value from "${schema}".tallies`)
  await client.end()
  return rows.map(({ value }) => value.readInt32BE(1))
}

describeWithRegistry('a word count over Avro', () => {
  test('on real servers, with a restart in the middle', async () => {
    app = new TestApplication(wordCount)
    await app.createTopics()
    const { line } = createSerdes(app.input, app.output)
    await line.prepare!({ isWritten: true })
    const lines = (...texts: string[]) =>
      texts.map((text, index) => ({ value: line.serialize({ text }), partition: index % 2 }))

    await app.write(lines('to be or', 'not to be'))
    expect(await app.run()).toBeUndefined()
    await app.write(lines('to be', 'to do'))
    expect(await app.run()).toBeUndefined()

    expect(await lastOf(app)).toEqual({ to: 4, be: 3, or: 1, not: 1, do: 1 })
    const ids = await idsOfRows(app)
    expect(ids).toHaveLength(5)
    expect(new Set(ids).size).toBe(1)
  })
})
