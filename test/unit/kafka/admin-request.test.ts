import { describe, expect, test } from '@jest/globals'
import { adminRequest } from '../../../src/kafka/client/admin-request.ts'
import { brokerError, CODE } from '../../../src/kafka/client/broker-error.ts'
import { Brokers } from '../../../src/kafka/client/brokers.ts'
import { ConnectionLostError } from '../../../src/kafka/client/connection-lost-error.ts'

/** Of a cluster that is not there. */
const nobody = () => Promise.reject(new ConnectionLostError('nobody is there'))
const brokers = new Brokers({
  seeds: async () => ['b:9092'],
  createBroker: nobody,
  decompress: nobody,
})
const refusing = (error: Error) =>
  adminRequest(brokers, { name: 'to ask', timeoutMs: 20 }, () => Promise.reject(error))

describe('a request that fails until nobody waits any more', () => {
  test.each([
    ['KAFKA_UNDECIDED', brokerError(CODE.UNSTABLE_OFFSET_COMMIT, 'in-0')],
    ['KAFKA_UNDECIDED', brokerError(CODE.CONCURRENT_TRANSACTIONS)],
    ['KAFKA_UNREACHABLE', new ConnectionLostError('it is gone')],
    ['KAFKA_REFUSED', brokerError(CODE.TOPIC_AUTHORIZATION_FAILED, 'in')],
  ])('says %s, and why', async (code, error) => {
    await expect(refusing(error)).rejects.toMatchObject({ code, cause: error })
  })

  test('is repeated before that', async () => {
    let calls = 0
    const answer = adminRequest(brokers, { name: 'to ask', timeoutMs: 1_000 }, async () => {
      if (++calls < 3) throw brokerError(CODE.UNSTABLE_OFFSET_COMMIT)
      return calls
    })
    expect(await answer).toBe(3)
  })
})
