import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { memoryKafka } from '../../../src/kafka/memory/index.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import type { TopologyTestDriverOptions } from '../../../src/testing/topology-test-driver-options.ts'
import type { AsyncOptions } from '../../../src/topology/dsl/dsl.ts'
import type { ProcessorContext } from '../../../src/topology/processor/processor-context.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import { turns } from '../../support/turns.ts'
import { openDriver } from './support/open-driver.ts'

const { string } = serdes
const text = { key: string, value: string }
type Call = (value: string, key: string | null) => Promise<string>

async function open(call: Call, options: AsyncOptions = {}, driverOptions = {}) {
  const builder = new StreamsBuilder()
  builder
    .stream('in', { key: string, value: string })
    .mapValuesAsync(call, { name: 'call', ...options })
    .to('out', { value: string })
  const driver = await openDriver(builder.build(), driverOptions)
  const [input, output] = [
    driver.createInputTopic('in', text),
    driver.createOutputTopic('out', text),
  ]
  return { driver, input, output }
}

async function shout(value: string): Promise<string> {
  await turns(2)
  return `${value}!`
}

async function noBad(value: string): Promise<string> {
  await turns(2)
  if (value === 'bad') throw new RangeError('the service said no')
  return value
}

test('a record is there when pipeInput is over, with its key, time and headers', async () => {
  const { input, output } = await open(shout)
  const headers = [['h', Buffer.from('1')]] as const
  await input.pipeInput({ key: 'a', value: 'x', timestamp: 5, headers })
  expect(output.readRecords()).toMatchObject([{ key: 'a', value: 'x!', timestamp: 5, headers }])
})

test.each(['key', 'partition'] as const)(
  'results are awaited one by one, by %s',
  async (ordering) => {
    const { input, output } = await open(
      async (value) => {
        await turns(value === 'slow' ? 20 : 0)
        return value
      },
      { ordering },
    )
    await input.pipeInputs([
      { key: 'a', value: 'slow' },
      { key: 'b', value: 'quick' },
    ])
    expect(output.readValues()).toEqual(['slow', 'quick'])
  },
)

describe('a promise that is rejected', () => {
  test('stops the application, with the place of its record', async () => {
    const { input, output } = await open(noBad)
    await input.pipeInput({ key: 'a', value: 'good' })
    await expect(input.pipeInput({ key: 'a', value: 'bad' })).rejects.toMatchObject({
      code: 'PROCESSING_FAILED',
      message: expect.stringContaining('call'),
      position: { topic: 'in', partition: 0, offset: 1n },
    })
    expect(output.readValues()).toEqual(['good'])
  })

  test('leaves its record out where the policy says so, and no other', async () => {
    const seen: unknown[] = []
    const skip = (error: { position?: unknown }) => (seen.push(error.position), 'skip' as const)
    const whole = { partitions: 2, kafka: memoryKafka() }
    for (const driver of [{}, whole] satisfies TopologyTestDriverOptions[]) {
      const onError = { processing: skip }
      const { input, output } = await open(noBad, {}, { ...driver, onError })
      const values = ['a', 'bad', 'c', 'bad', 'e']
      await input.pipeInputs(values.map((value) => ({ key: value, value, partition: 0 })))
      expect(output.readValues()).toEqual(['a', 'c', 'e'])
    }
    const place = (offset: bigint) => ({ topic: 'in', partition: 0, offset })
    expect(seen).toEqual([place(1n), place(3n), place(1n), place(3n)])
  })
})

test('a promise that is never settled is a failure of its record after a time', async () => {
  const hang = async (value: string) => (value === 'slow' ? new Promise<string>(() => {}) : value)
  const { input } = await open(hang, { timeoutMs: 10 })
  await input.pipeInput({ key: 'a', value: 'quick' })
  await expect(input.pipeInput({ key: 'a', value: 'slow' })).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    message: expect.stringContaining('node call failed: no result within 10 ms'),
    position: { topic: 'in', partition: 0, offset: 1n },
  })
  const skipping = await open(
    hang,
    { timeoutMs: 10, ordering: 'key' },
    { onError: { processing: 'skip' } },
  )
  await skipping.input.pipeInputs(['slow', 'quick'].map((value) => ({ key: 'a', value })))
  expect(skipping.output.readValues()).toEqual(['quick'])
})

test.each([Infinity, 2 ** 40])('a call may take as long as %d ms', async (timeoutMs) => {
  const { input, output } = await open(shout, { timeoutMs })
  await input.pipeInput({ key: 'a', value: 'x' })
  expect(output.readValues()).toEqual(['x!'])
})

test('a key that cannot be compared is a failure of its record, and no failure where nobody compares', async () => {
  const keys = ['a', { call: () => 1 }, { sign: Symbol('s') }]
  await expect(callByKeys(keys)).rejects.toMatchObject({
    code: 'PROCESSING_FAILED',
    position: { topic: 'in', partition: 0, offset: 1n },
  })
  const onError = { processing: 'skip' } as const
  expect(await callByKeys(keys, { ordering: 'key' }, { onError })).toBe(1)
  expect(await callByKeys(keys, { ordering: 'partition' })).toBe(3)
})

/** Makes calls for records whose keys are these, and answers how many came back. */
async function callByKeys(
  keys: readonly unknown[],
  options: AsyncOptions = { ordering: 'key' },
  driverOptions: TopologyTestDriverOptions = {},
): Promise<number> {
  let results = 0
  const builder = new StreamsBuilder()
  builder
    .stream('in', text)
    .map((_, index) => [keys[Number(index)], ''])
    .mapValuesAsync(shout, options)
    .foreach(() => void results++)
  const driver = await openDriver(builder.build(), driverOptions)
  const values = keys.map((_, index) => ({ key: null, value: String(index) }))
  await driver.createInputTopic('in', text).pipeInputs(values)
  return results
}

test('processors below see where a record came from, and stream-time punctuations come after it', async () => {
  const seen: unknown[] = []
  const builder = new StreamsBuilder()
  builder
    .stream('in', text)
    .mapValuesAsync(shout)
    .process({
      get: () => ({
        init: (context: ProcessorContext) =>
          void context.schedule(10, 'stream-time', (time) => void seen.push(['tick', time])),
        process: ({ value }, { recordMetadata }) => void seen.push([value, recordMetadata?.offset]),
      }),
    })
  const driver = await openDriver(builder.build(), { commitsAfter: () => false })
  await driver.createInputTopic('in', text).pipeInputs([
    { key: 'a', value: 'x', timestamp: 0 },
    { key: 'a', value: 'y', timestamp: 10 },
  ])
  expect(seen).toEqual([['x!', 0n], ['tick', 0], ['y!', 1n], ['tick', 10]]) // prettier-ignore
})

test.each([
  [{ concurrency: 0 }, 'concurrency of call is a whole number above 0, not 0'],
  [{ concurrency: 1.5 }, 'concurrency of call is a whole number above 0, not 1.5'],
  [{ timeoutMs: 0 }, 'timeoutMs of call is a number above 0, not 0'],
  [{ timeoutMs: NaN }, 'timeoutMs of call is a number above 0, not NaN'],
  [{ ordering: 'none' as never }, `ordering of call is 'key' or 'partition', not 'none'`],
])('%j is refused', async (options, message) => {
  await expect(open(shout, options)).rejects.toThrow(new TypeError(message))
})

/** Watches the calls of a service. */
class Service {
  running = 0
  mostRunning = 0
  overlaps = 0
  readonly #busy = new Set<unknown>()

  async call(value: string, key: string | null, count: number): Promise<string> {
    if (key !== null && this.#busy.has(key)) this.overlaps++
    this.#busy.add(key)
    this.mostRunning = Math.max(this.mostRunning, ++this.running)
    await turns(count)
    this.running--
    this.#busy.delete(key)
    if (value.endsWith('-fails')) throw new RangeError('no')
    return value
  }
}

const record = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', null),
  turns: fc.nat({ max: 12 }),
  fails: fc.boolean(),
})
const setting = {
  concurrency: fc.integer({ min: 1, max: 6 }),
  ordering: fc.constantFrom('key' as const, 'partition' as const),
  pipes: fc.array(fc.array(record, { maxLength: 20, size: 'max' }), { minLength: 1, maxLength: 3 }),
}

test('each result once, in order, and never more calls than asked for, whatever takes how long', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record(setting), async ({ concurrency, ordering, pipes }) => {
      const service = new Service()
      const lasting = new Map<string, number>()
      const { driver, input, output } = await open(
        (value, key) => service.call(value, key, lasting.get(value)!),
        { concurrency, ordering },
        { kafka: memoryKafka(), onError: { processing: 'skip' } },
      )
      const expected: [string | null, string][] = []
      for (const [pipe, records] of pipes.entries()) {
        const inputs = records.map(({ key, turns: count, fails }, index) => {
          const value = `${pipe}-${index}${fails ? '-fails' : ''}`
          lasting.set(value, count)
          if (!fails) expected.push([key, value])
          return { key, value }
        })
        await input.pipeInputs(inputs)
        if (pipe === 0) await driver.restart()
      }
      const actual = output.readKeyValues()
      const ofKey = (all: readonly (readonly [unknown, unknown])[], wanted: unknown) =>
        all.filter(([key]) => key === wanted)
      if (ordering === 'partition') expect(actual).toEqual(expected)
      for (const key of ['a', 'b', 'c', 'd']) {
        expect(ofKey(actual, key)).toEqual(ofKey(expected, key))
      }
      expect(actual.toSorted()).toEqual(expected.toSorted())
      if (ordering === 'key') expect(service.overlaps).toBe(0)
      expect(service.mostRunning).toBeLessThanOrEqual(concurrency)
      await driver.close()
    }),
    { numRuns: 40 },
  )
}, 60_000)
