import { afterEach, expect, test } from '@jest/globals'
import type { GroupProtocol } from '../../src/kafka/group-consumer.ts'
import type { Streams } from '../../src/runtime/streams.ts'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { TestApplication } from './support/test-application.ts'

const KEYS = ['a', 'b', 'c', 'd']
const SERDES = { key: serdes.string, value: serdes.string }

let app: TestApplication
let version: 'old' | 'new' | 'other' = 'old'
afterEach(() => app.remove())

/** Counts keys. The new version filters them first; the other one keeps one store more. */
function topology(input: string, output: string) {
  const builder = new StreamsBuilder()
  const keys = builder.stream(input, SERDES)
  const counted = version === 'old' ? keys : keys.filter((key) => key !== null)
  counted
    .groupByKey()
    .count({ store: 'counts', cache: false })
    .toStream()
    .to(output, { value: serdes.int64 })
  if (version === 'other') keys.groupByKey().count({ store: 'again' })
  return builder.build()
}

function start(what: typeof version): Streams {
  version = what
  return app.create()
}

const write = () =>
  app.write(KEYS.map((key, partition) => ({ partition, key, value: key, timestamp: 0 })))

/** What was published of each key, in order. */
async function published(): Promise<Record<string, number[]>> {
  const records = await app.read(app.output)
  const text = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString()
  const of = (wanted: string) => records.filter(({ key }) => text(key) === wanted)
  const count = (bytes: Uint8Array | null) => Number(Buffer.from(bytes ?? []).readBigInt64BE())
  return Object.fromEntries(KEYS.map((key) => [key, of(key).map(({ value }) => count(value))]))
}

const ownTwoEach = (apps: readonly Streams[]) => () =>
  apps.every(({ tasks, state }) => tasks.length === 2 && state === 'running')

test.each<GroupProtocol>(['classic', 'consumer'])(
  'a version with the same tasks and stores replaces another one, and one with others is refused: %s',
  async (groupProtocol) => {
    app = new TestApplication(topology, { partitions: 4, groupProtocol })
    await app.createTopics()
    const old = start('old')
    await old.start()
    await write()
    const young = start('new')
    await young.start()
    await eventually('old and new share the tasks', ownTwoEach([old, young]))
    await write()
    const refused = start('other').start()
    await expect(refused).rejects.toMatchObject({ code: 'TOPOLOGY_REFUSED' })
    await write()
    await eventually('the others go on', ownTwoEach([old, young]))
    await old.close()
    await eventually('the new one has all', () => young.tasks.length === 4)
    await write()
    await young.caughtUp()
    expect(Object.fromEntries(await app.rows('counts'))).toEqual({ a: 4, b: 4, c: 4, d: 4 })
    expect(await published()).toEqual({
      a: [1, 2, 3, 4],
      b: [1, 2, 3, 4],
      c: [1, 2, 3, 4],
      d: [1, 2, 3, 4],
    })
    await young.close()
    await start('other').start()
  },
)
