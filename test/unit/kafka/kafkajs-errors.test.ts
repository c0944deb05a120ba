import { expect, test } from '@jest/globals'
import kafkajs from 'kafkajs'
import { codeOf, isConnectionError } from '../../../src/kafka/client/broker-error.ts'
import { refusals } from '../../../src/kafka/kafkajs/refusals.ts'
import { translateError } from '../../../src/kafka/kafkajs/translate-error.ts'

const protocolError = (code: number, type: string): Error =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new TypeError(type), { code, type }))

test('an answer with a code keeps it', () => {
  const error = translateError(protocolError(51, 'CONCURRENT_TRANSACTIONS'))
  expect(codeOf(error)).toBe(51)
})

test('a lost connection and one that gave no answer are lost', () => {
  const lost = new kafkajs.KafkaJSConnectionError('gone', { code: 'ECONNRESET' })
  expect(isConnectionError(translateError(lost))).toBe(true)
  expect(isConnectionError(translateError(new kafkajs.KafkaJSRequestTimeoutError('late')))).toBe(
    true,
  )
})

test('what has no word here stays as it is', () => {
  const error = new RangeError('out of range')
  expect(translateError(error)).toBe(error)
})

test('refusals of parts come out of the error that holds them, other failures stay failures', async () => {
  const partial = Object.assign(new TypeError('some topics'), { errors: [protocolError(36, 'X')] })
  expect(await refusals(Promise.reject(partial), 'errors')).toEqual([
    { error: expect.objectContaining({ code: 36 }) },
  ])
  expect(await refusals(Promise.resolve(), 'errors')).toEqual([])
  await expect(refusals(Promise.reject(new RangeError('other')), 'errors')).rejects.toThrow('other')
})
