import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { openDriver } from './support/open-driver.ts'
import { wordCount } from './support/topologies.ts'

const { string } = serdes

async function counted(lines: readonly string[], partitions = 1) {
  const driver = await openDriver(wordCount(), { partitions })
  const input = driver.createInputTopic('lines', { key: string, value: string, startTimestamp: 5 })
  for (const value of lines) await input.pipeInput({ value })
  return { driver, counts: driver.getKeyValueStore<string, number>('counts') }
}

test('a key has its value, a key without a row has none', async () => {
  const { counts } = await counted(['kafka sql kafka'])
  expect(await counts.get('kafka')).toBe(2)
  expect(await counts.get('nothing')).toBeUndefined()
})

test('a key is found in whatever partition it is', async () => {
  const words = ['kafka', 'sql', 'streams', 'rows']
  const { counts } = await counted(words, 3)
  for (const word of words) expect(await counts.get(word)).toBe(1)
})

test('entries come by partition, then by key', async () => {
  const { counts } = await counted(['sql kafka', 'kafka'])
  expect(await counts.entries()).toEqual([
    { key: 'kafka', value: 2, timestamp: 5, partition: 0 },
    { key: 'sql', value: 1, timestamp: 5, partition: 0 },
  ])
})

test('a store read before anything was written is empty', async () => {
  const { counts } = await counted([])
  expect(await counts.entries()).toEqual([])
})
