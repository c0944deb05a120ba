import { beforeEach, describe, expect, test } from '@jest/globals'
import { isolateRefused, isRefusal } from '../../../src/changelog/isolate-refused.ts'
import { KafkaUnreachableError, ProductionError } from '../../../src/errors/kafka-errors.ts'
import { encodeRecords } from '../../../src/kafka/record-batch/encode-records.ts'
import { encoded, outgoing, valuesOf } from '../../support/memory-state.ts'
import { ToyKafka } from '../../support/toy-kafka.ts'

let kafka: ToyKafka
beforeEach(() => void (kafka = new ToyKafka({ out: 2 })))

const refuse = (...values: string[]) =>
  (kafka.refuses = ({ value }) => values.includes(Buffer.from(value!).toString()))
const textOf = (value: Uint8Array | null) => Buffer.from(value!).toString()

describe('isolating refused records', () => {
  test.each([
    ['none', []],
    ['the first', ['a']],
    ['the last', ['e']],
    ['two next to each other', ['b', 'c']],
    ['two apart', ['a', 'd']],
    ['all', ['a', 'b', 'c', 'd', 'e']],
  ])('finds %s, and keeps the others in order', async (_, refused) => {
    refuse(...refused)
    const sorted = await isolateRefused(kafka, encoded('a', 'b', 'c', 'd', 'e'))
    expect(sorted.refused.map(({ value }) => textOf(value))).toEqual(refused)
    const rest = ['a', 'b', 'c', 'd', 'e'].filter((value) => !refused.includes(value))
    expect(valuesOf({ records: sorted.accepted })).toEqual(rest)
  })

  test('finds them in several batches', async () => {
    refuse('b', 'x')
    const records = encodeRecords([
      ...['a', 'b', 'c'].map((value) => outgoing(value)),
      ...['x', 'y'].map((value) => outgoing(value, { partition: 1 })),
    ])
    const { accepted, refused } = await isolateRefused(kafka, records)
    expect(refused.map(({ value, partition }) => [textOf(value), partition])).toEqual([
      ['b', 0],
      ['x', 1],
    ])
    expect(valuesOf({ records: accepted })).toEqual(['a', 'c', 'y'])
  })

  test('asks the broker nothing where there is nothing to send', async () => {
    expect(await isolateRefused(kafka, [])).toEqual({ accepted: [], refused: [] })
    expect(kafka.journal).toEqual([])
  })

  test('publishes nothing, and fences every id that it used', async () => {
    refuse('b')
    await isolateRefused(kafka, encoded('a', 'b', 'c'))
    const of = (verb: string) =>
      kafka.journal.flatMap((line) => (line.startsWith(verb) ? [line.slice(verb.length)] : []))
    expect(of('commit ')).toEqual([])
    expect(of('fence ').toSorted()).toEqual(of('init ').toSorted())
    expect(of('init ').length).toBeGreaterThan(1)
    expect(kafka.values('out')).toEqual([])
  })

  test('takes no other failure for a refusal', async () => {
    kafka.isUnreachable = true
    await expect(isolateRefused(kafka, encoded('a'))).rejects.toThrow(KafkaUnreachableError)
  })

  test('tells a refusal by its code', () => {
    expect(isRefusal(new ProductionError('out', 'too large'))).toBe(true)
    expect(isRefusal(new KafkaUnreachableError(['a:1']))).toBe(false)
    expect(isRefusal(new TypeError('too large'))).toBe(false)
  })
})
