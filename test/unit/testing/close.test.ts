import { expect, test } from '@jest/globals'
import type { DatabaseAdapter } from '../../../src/database/database.ts'
import { ConfigurationError } from '../../../src/errors/configuration-error.ts'
import type { KafkaAdapter } from '../../../src/kafka/kafka.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { memory, memoryKafka } from '../../../src/testing/memory.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { turns } from '../../support/turns.ts'
import { wordCount } from './support/topologies.ts'

const { string } = serdes

interface Closable {
  close(): Promise<void>
}

/** What was opened and not closed. */
class OpenThings {
  readonly #open = new Set<Closable>()
  opened = 0

  get count(): number {
    return this.#open.size
  }

  watch<T extends Closable>(thing: T): T {
    this.opened++
    this.#open.add(thing)
    const close = thing.close.bind(thing)
    thing.close = async () => {
      this.#open.delete(thing)
      await close()
    }
    return thing
  }
}

function watched(things: OpenThings) {
  const [broker, store] = [memoryKafka(), memory()]
  const kafka: KafkaAdapter = {
    name: 'watched',
    open: async (options) => things.watch(await broker.open(options)),
  }
  const database: DatabaseAdapter = {
    name: 'watched',
    open: async (options) => things.watch(await store.open(options)),
  }
  return { kafka, database, logger: consoleLogger('silent') }
}

/** What is there more often than before; Jest's own timers come and go. */
function more(now: readonly string[], before: readonly string[]): string[] {
  const countOf = (all: readonly string[], name: string) => all.filter((one) => one === name).length
  return [...new Set(now)].filter((name) => countOf(now, name) > countOf(before, name))
}

test('a driver that is closed leaves nothing open', async () => {
  const before = process.getActiveResourcesInfo()
  const things = new OpenThings()
  const driver = await TopologyTestDriver.open(wordCount(), watched(things))
  await driver
    .createInputTopic('lines', { key: string, value: string })
    .pipeInput({ value: 'kafka' })
  await driver.close()
  await driver.close()
  expect(things).toMatchObject({ opened: 4, count: 0 })
  // The group in memory still has a turn to notice that nobody is left.
  await turns(2)
  expect(more(process.getActiveResourcesInfo(), before)).toEqual([])
})

test('a closed driver takes no records', async () => {
  const driver = await TopologyTestDriver.open(wordCount(), watched(new OpenThings()))
  const lines = driver.createInputTopic('lines', { key: string, value: string })
  await driver.close()
  await expect(lines.pipeInput({ value: 'kafka' })).rejects.toMatchObject({
    code: 'KAFKA_UNREACHABLE',
  })
})

test('a driver that cannot be opened leaves nothing open', async () => {
  const things = new OpenThings()
  const surroundings = watched(things)
  const opened = TopologyTestDriver.open(wordCount(), { ...surroundings, partitions: 0 })
  await expect(opened).rejects.toMatchObject({ code: 'KAFKA_REFUSED' })
  expect(things.count).toBe(0)

  const database: DatabaseAdapter = {
    name: 'broken',
    open: async () => {
      throw new ConfigurationError('no such database')
    },
  }
  const withoutDatabase = TopologyTestDriver.open(wordCount(), { ...surroundings, database })
  await expect(withoutDatabase).rejects.toMatchObject({ message: 'no such database' })
  expect(things.count).toBe(0)
})

test('a start that fails closes what the driver opened', async () => {
  const things = new OpenThings()
  const surroundings = watched(things)
  const first = await TopologyTestDriver.open(wordCount(), surroundings)
  await first.close()
  const opened = TopologyTestDriver.open(wordCount(), {
    ...surroundings,
    applicationId: 'another',
    schema: 'test',
  })
  await expect(opened).rejects.toMatchObject({ code: 'CATALOGUE_MISMATCH' })
  expect(things.count).toBe(0)
})
