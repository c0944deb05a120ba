import { describe, expect, test } from '@jest/globals'
import { decodeMetadata, encodeMetadata } from '../../../src/rebalance/member-metadata.ts'

const TOPOLOGY = { 0: { sources: 'a1', stores: 'b2' } }
const NOTHING = {
  ...{ owned: [], topology: undefined, instance: undefined, database: undefined },
  stop: false,
}

describe('what a member tells its leader', () => {
  test('is understood by a member of the same version', () => {
    const owned = ['0_1', '2_10'] as const
    const metadata = { owned, topology: TOPOLOGY, instance: 'a1', database: 'd1', stop: true }
    expect(decodeMetadata(encodeMetadata(metadata))).toEqual(metadata)
  })

  test('says of which version it is', () => {
    const bytes = encodeMetadata({
      ...{ owned: ['0_1'], topology: TOPOLOGY, instance: 'a1', database: 'd1', stop: false },
    })
    expect(JSON.parse(Buffer.from(bytes).toString())).toEqual({
      version: 1,
      owned: ['0_1'],
      topology: TOPOLOGY,
      instance: 'a1',
      database: 'd1',
    })
  })

  test('was a list of tasks before there were versions', () => {
    expect(decodeMetadata(Buffer.from('["0_1", 5, "x"]'))).toEqual({ ...NOTHING, owned: ['0_1'] })
  })

  test.each([
    '',
    'not json',
    'null',
    '5',
    '{}',
    '{"version": 2, "owned": ["0_1"]}',
    '{"version": 1, "owned": 5, "topology": null}',
    '{"version": 1, "owned": [null], "topology": {"0": null}}',
    '{"version": 1, "instance": 5}',
    '{"version": 1, "database": 5}',
    '{"version": 1, "topology": {"0": {"sources": 1, "stores": 2}}}',
  ])('is nothing where it cannot be understood: %s', (text) => {
    expect(decodeMetadata(Buffer.from(text))).toEqual(NOTHING)
  })

  test('may have more fields than this version knows', () => {
    const text = '{"version": 1, "owned": ["0_1"], "rack": "a"}'
    expect(decodeMetadata(Buffer.from(text)).owned).toEqual(['0_1'])
  })
})
