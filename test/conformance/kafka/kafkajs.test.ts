import { describe, expect, jest, test } from '@jest/globals'
import { createServer } from 'node:net'
import { kafkajs } from '../../../src/kafka/kafkajs/index.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { kafkaSuite } from './kafka-suite.ts'

const brokers = process.env['KAFKA_BROKERS']?.split(',').filter((broker) => broker !== '') ?? []
const logger = consoleLogger('silent')

if (brokers.length > 0) {
  kafkaSuite({
    name: 'kafkajs',
    open: ({ smallFetches }) => {
      const adapter = kafkajs({ brokers }, smallFetches ? { fetchMaxBytesPerPartition: 400 } : {})
      return adapter.open({ clientId: 'conformance', logger })
    },
  })
} else {
  describe.skip('kafkajs keeps the contract of the Kafka port (KAFKA_BROKERS is not set)', () => {
    test('needs a broker', () => undefined)
  })
}

describe('kafkajs without a broker', () => {
  test('fails soon, with a code, and without a line of its own', async () => {
    const refusing = await portThatRefuses()
    const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
    const adapter = kafkajs({ brokers: [`127.0.0.1:${refusing}`, `localhost:${refusing}`] })
    const opened = adapter.open({ clientId: 'conformance', logger: log })
    await expect(opened).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' })
    expect([log.info, log.warn, log.error].flatMap(({ mock }) => mock.calls)).toEqual([])
  })
})

/** A port on which nobody listens, because its listener has just gone. */
async function portThatRefuses(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
