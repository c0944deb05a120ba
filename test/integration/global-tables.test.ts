import { afterEach, expect, test } from '@jest/globals'
import { serdes } from '../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../src/topology/streams-builder.ts'
import { eventually } from '../conformance/kafka/support/eventually.ts'
import { until } from '../support/turns.ts'
import { TestApplication } from './support/test-application.ts'

const { string, int64 } = serdes
/** Enough that the table needs several commits. */
const ROWS = 20_000

let app: TestApplication
afterEach(() => app.remove())

/** What was answered to each record of the input, and by which instance. */
class Answers {
  readonly prices = new Map<string, number>()
  readonly instances = new Set<number>()
  #instances = 0

  /** The topology of the next instance: each record gets the price of what its value names, or −1. */
  readonly topology = (input: string, output: string) => {
    const instance = this.#instances++
    const builder = new StreamsBuilder()
    const options = { key: string, value: int64, store: 'prices' }
    const prices = builder.globalTable(`${input}-prices`, options)
    builder
      .stream(input, { key: string, value: string })
      .leftJoin(
        prices,
        (_, name) => name,
        (_, price) => price ?? -1n,
      )
      .peek((key, price) => {
        this.prices.set(key, Number(price))
        this.instances.add(instance)
      })
      .to(output, { value: int64 })
    return builder.build()
  }
}

const setPrices = (prices: readonly (readonly [name: string, price: number])[]) =>
  app.write(
    prices.map(([key, price], index) => ({
      ...{ key, partition: index % 2 },
      value: int64.serialize(BigInt(price)),
    })),
    `${app.input}-prices`,
  )

const isStored = (name: string, price: number) =>
  until(`${name} costs ${price}`, async () => (await app.rows('prices')).get(name) === price)

test('a global table is written once, and read whole by two instances, and by the one that is left', async () => {
  const answers = new Answers()
  app = new TestApplication(answers.topology)
  await app.createTopics()
  await app.createTopic({ topic: `${app.input}-prices`, partitions: 2 })

  /** Asks in both partitions. */
  async function ask(about: string, ...names: readonly [string, string]): Promise<number[]> {
    const keys = names.map((_, partition) => `${about}-${partition}`)
    await app.write(names.map((value, partition) => ({ key: keys[partition]!, value, partition })))
    await eventually(`answers about ${about}`, () => keys.every((key) => answers.prices.has(key)))
    return keys.map((key) => answers.prices.get(key)!)
  }

  const names = Array.from({ length: ROWS }, (_, index) => `k${index}`)
  await setPrices(names.map((name, index) => [name, index]))
  // Each asks for the last row of the other partition, and finds it: both wait until the table is there.
  const first = ask('the end', `k${ROWS - 1}`, `k${ROWS - 2}`)
  const [one, other] = [app.create(), app.create()]
  await Promise.all([one.start(), other.start()])
  expect(await first).toEqual([ROWS - 1, ROWS - 2])
  const rows = await app.rowsIn('prices')
  expect(rows).toHaveLength(ROWS)
  expect(rows.every(({ key, partition }) => partition === Number(key.slice(1)) % 2)).toBe(true)

  await setPrices([['k0', 100_000]])
  await isStored('k0', 100_000)
  // Until both have tasks.
  answers.instances.clear()
  for (let round = 0; answers.instances.size < 2; round++)
    expect(await ask(`a change, ${round}`, 'k0', 'k0')).toEqual([100_000, 100_000])

  await one.close()
  await setPrices([
    ['k0', 200_000],
    ['k1', 300_000],
  ])
  await isStored('k1', 300_000)
  await isStored('k0', 200_000)
  expect(await ask('what is left', 'k1', 'k0')).toEqual([300_000, 200_000])
  expect(other.state).toBe('running')
}, 60_000)
