import { describe, expect, test } from '@jest/globals'
import { AssignerProtocol } from 'kafkajs'
import {
  decodeAssignment,
  decodeUserData,
  encodeAssignment,
  encodeSubscription,
} from '../../../src/kafka/client/wire/group-metadata.ts'

const { MemberMetadata, MemberAssignment } = AssignerProtocol

describe('the metadata of a group', () => {
  test('says what kafkajs says about a member', () => {
    const userData = Buffer.from('state')
    const encoded = encodeSubscription(['a', 'b'], userData)
    expect(encoded).toEqual(MemberMetadata.encode({ version: 0, topics: ['a', 'b'], userData }))
    expect(decodeUserData(encoded)).toEqual(userData)
    expect(decodeUserData(encodeSubscription([], Buffer.alloc(0)))).toEqual(Buffer.alloc(0))
  })

  test('says what kafkajs says about an assignment', () => {
    const partitions = [
      { topic: 'a', partition: 2 },
      { topic: 'b', partition: 0 },
      { topic: 'a', partition: 1 },
    ]
    const encoded = encodeAssignment({ partitions, userData: Buffer.from('word') })
    expect(MemberAssignment.decode(encoded)?.assignment).toEqual({ a: [2, 1], b: [0] })
    expect(MemberAssignment.decode(encoded)?.userData).toEqual(Buffer.from('word'))
    expect(decodeAssignment(encoded)).toEqual({
      partitions: [partitions[0], partitions[2], partitions[1]],
      userData: Buffer.from('word'),
    })
  })

  test('gives no partitions to a member that was told nothing', () => {
    const nothing = { partitions: [], userData: new Uint8Array() }
    expect(decodeAssignment(Buffer.alloc(0))).toEqual(nothing)
    expect(Buffer.from(decodeAssignment(encodeAssignment(nothing)).userData)).toHaveLength(0)
  })
})
