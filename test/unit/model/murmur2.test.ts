import { expect, test } from '@jest/globals'
import { murmur2, partitionOf } from '../../../src/model/murmur2.ts'

const text = (value: string): Uint8Array => Buffer.from(value, 'utf8')
const hex = (value: string): Uint8Array => Buffer.from(value, 'hex')

/** Printed by `org.apache.kafka.common.utils.Utils.murmur2` of Kafka 4.3.1; the first six are in its own test, too. */
test.each<[bytes: Uint8Array, hash: number]>([
  [text('21'), -973932308],
  [text('foobar'), -790332482],
  [text('a-little-bit-long-string'), -985981536],
  [text('a-little-bit-longer-string'), -1486304829],
  [text('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'), -58897971],
  [text('abc'), 479470107],
  [text(''), 275646681],
  [text('a'), -1563381124],
  [text('ab'), 316155434],
  [text('abcd'), -1323649548],
  [text('äöü'), -2070914556],
  [text('日本語'), 1431860170],
  [text('😀 kafka'), -1083677115],
  [hex('bf'), -515800169],
  [hex('58cb'), -107802838],
  [hex('441a98'), -1915548865],
  [hex('ff80fe'), 957058525],
  [hex('e01ca09c'), 1069984697],
  [hex('80ffffff'), 498215646],
  [hex('15d9287dca'), -46018140],
  [hex('9cf63a764709'), -1854199975],
  [hex('3458d772528c74'), -1765261173],
  [hex('8f469db22fd7a8c0'), 453123631],
  [hex('17c21b4741e48258c9ca8cc2142dced654682038ce7c61768340a0eb628745'), -458342213],
])('the hash of %s is that of Java', (bytes, hash) => {
  expect(murmur2(bytes)).toBe(hash)
})

test('the partition of a key is that of the Java producer', () => {
  const partitions = ['21', 'foobar', 'a-little-bit-long-string', 'abc', ''].map((key) =>
    partitionOf(text(key), 7),
  )
  expect(partitions).toEqual([3, 0, 1, 4, 2])
})
