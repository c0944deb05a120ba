import { expect, test } from '@jest/globals'
import { serdes } from '../../../src/serdes/serdes.ts'
import { openDriver } from './support/open-driver.ts'
import { upperCase, wordCount } from './support/topologies.ts'
const { string, int64 } = serdes
test('fail', async () => {
  for (let i = 0; i < 300; i++) {
    const driver = await openDriver(upperCase(), { partitions: 1 + (i % 3) })
    const input = driver.createInputTopic('in', { key: string, value: string })
    for (let k = 0; k < i % 4; k++) await input.pipeInput({ value: 'x' })
    await expect(input.pipeInput({ value: 'bad' })).rejects.toMatchObject({ code: 'PROCESSING_FAILED' })
    if (i % 2) await expect(input.pipeInput({ value: 'good' })).rejects.toMatchObject({ code: 'PROCESSING_FAILED' })
    await driver.close()
  }
}, 60000)
test('big', async () => {
  const driver = await openDriver(wordCount(), { partitions: 4 })
  const input = driver.createInputTopic('lines', { key: string, value: string })
  const out = driver.createOutputTopic('word-counts', { key: string, value: int64 })
  const words = Array.from({ length: 20 }, (_, i) => `w${i}`)
  for (let r = 0; r < 5; r++) await input.pipeInputs(Array.from({ length: 5000 }, () => ({ value: words.join(' ') })))
  expect(out.queueSize).toBe(5 * 5000 * 20)
  const last = out.readKeyValuesToMap()
  for (const word of words) { expect(last.get(word)).toBe(25000n); expect(await driver.getKeyValueStore('counts').get(word)).toBe(25000) }
}, 60000)
