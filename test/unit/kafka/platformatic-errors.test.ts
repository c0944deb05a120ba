import { AuthenticationError, NetworkError, ResponseError, TimeoutError } from '@platformatic/kafka'
import { expect, test } from '@jest/globals'
import { CODE, codeOf, isConnectionError } from '../../../src/kafka/client/broker-error.ts'
import { translateError } from '../../../src/kafka/platformatic/translate-error.ts'

const TXN_OFFSET_COMMIT = 28

test('an answer with a code keeps it', () => {
  const answer = { throttleTimeMs: 0 }
  const refused = new ResponseError(TXN_OFFSET_COMMIT, 3, { '/': [51, null] }, answer)
  const error = translateError(refused)
  expect(codeOf(error)).toBe(CODE.CONCURRENT_TRANSACTIONS)
  expect(error).toMatchObject({
    message: expect.stringContaining('CONCURRENT_TRANSACTIONS'),
    cause: { response: answer },
  })
})

test('the partition that was refused speaks for those that were not tried', () => {
  const errors: Record<string, [number, null]> = { '/0': [55, null], '/1': [3, null] }
  const error = translateError(new ResponseError(TXN_OFFSET_COMMIT, 3, errors, {}))
  expect(codeOf(error)).toBe(CODE.UNKNOWN_TOPIC_OR_PARTITION)
})

test.each([
  new NetworkError('Connection closed'),
  new TimeoutError('Connection timed out'),
  new NetworkError('Connection failed.', { cause: new TypeError('refused') }),
])('%s is a lost connection', (error) => {
  expect(isConnectionError(translateError(error))).toBe(true)
})

test('wrong credentials stay what they are: another try does not mend them', () => {
  const cause = new AuthenticationError('SASL authentication failed.')
  const failed = new NetworkError('Connection failed.', { cause })
  expect(translateError(failed)).toBe(failed)
})

test('what is not of the library stays as it is', () => {
  const error = new RangeError('out of range')
  expect(translateError(error)).toBe(error)
})
