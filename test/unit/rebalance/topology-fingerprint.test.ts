import { describe, expect, test } from '@jest/globals'
import { differenceOf, topologyFingerprint } from '../../../src/rebalance/topology-fingerprint.ts'
import { serdes } from '../../../src/serdes/serdes.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'

const SERDES = { key: serdes.string, value: serdes.string }

interface Version {
  readonly source?: string | RegExp
  readonly store?: string
  readonly suffix?: string
  readonly isLonger?: boolean
  readonly topics?: readonly string[]
}

/** Counts a stream, and reads another topic where it is longer. */
function fingerprint({
  source = 'in',
  store = 'counts',
  suffix = '',
  isLonger = false,
  topics = [],
}: Version = {}) {
  const builder = new StreamsBuilder()
  builder
    .stream(source, SERDES)
    .mapValues((value) => value + suffix)
    .groupByKey()
    .count({ store })
  if (isLonger) builder.stream('more', SERDES).to('out', SERDES)
  return topologyFingerprint(builder.build().forApplication('app', topics))
}

describe('the fingerprint of a topology', () => {
  test('is the same for another build, other functions and other topics that a pattern has found', () => {
    expect(fingerprint({ suffix: '!' })).toEqual(fingerprint())
    const found = (topics: readonly string[]) => fingerprint({ source: /in-.*/, topics })
    expect(found(['in-a', 'in-b'])).toEqual(found(['in-a']))
  })

  test('does not depend on the order in which a sub-topology has its topics', () => {
    const of = (topics: readonly string[]) => {
      const builder = new StreamsBuilder()
      builder.stream(topics, SERDES).to('out', SERDES)
      return topologyFingerprint(builder.build().forApplication('app'))
    }
    expect(of(['a', 'b'])).toEqual(of(['b', 'a']))
  })

  test.each<[string, Version, Version]>([
    ['sub-topology 0 reads other topics', { source: 'other' }, {}],
    ['sub-topology 0 has other stores', { store: 'sums' }, {}],
    ['sub-topology 1 is new', { isLonger: true }, {}],
    ['sub-topology 1 is missing', {}, { isLonger: true }],
    [
      'sub-topology 0 reads other topics, sub-topology 0 has other stores, sub-topology 1 is new',
      { source: 'other', store: 'sums', isLonger: true },
      {},
    ],
  ])('tells that %s', (difference, own, others) => {
    expect(differenceOf(fingerprint(own), fingerprint(others))).toBe(difference)
  })

  test('tells no difference where there is none', () => {
    expect(differenceOf(fingerprint(), fingerprint())).toBeUndefined()
  })
})
