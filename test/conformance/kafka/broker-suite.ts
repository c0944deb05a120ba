import { describe, expect, jest, test } from '@jest/globals'
import { createServer } from 'node:net'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { brokerLogSuite } from './broker-log-suite.ts'
import { consumerProtocolSuite } from './consumer-protocol-suite.ts'
import { kafkaSuite } from './kafka-suite.ts'
import { brokers, type AdapterFactory } from './support/brokers.ts'
import type { CodecSupport } from './support/codecs.ts'

const logger = consoleLogger('silent')

/** What an adapter for real brokers has to show: the contract of the port, and what it does where no broker is. */
export function brokerSuite(
  name: string,
  createAdapter: AdapterFactory,
  codecs: CodecSupport,
): void {
  if (brokers.length > 0) {
    kafkaSuite({
      name,
      ofBrokers: (context) => {
        consumerProtocolSuite(context)
        brokerLogSuite(context, codecs)
      },
      open: ({ smallFetches }) => {
        const limits = smallFetches ? { fetchMaxBytesPerPartition: 400 } : {}
        return createAdapter(brokers, limits).open({ clientId: 'conformance', logger })
      },
    })
  } else {
    describe.skip(`${name} keeps the contract of the Kafka port (KAFKA_BROKERS is not set)`, () => {
      test('needs a broker', () => undefined)
    })
  }

  describe(`${name} without a broker`, () => {
    test('fails soon, with a code, and without a line of its own', async () => {
      const refusing = await portThatRefuses()
      const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() }
      const adapter = createAdapter([`127.0.0.1:${refusing}`, `localhost:${refusing}`], {})
      const opened = adapter.open({ clientId: 'conformance', logger: log })
      await expect(opened).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' })
      expect([log.info, log.warn, log.error].flatMap(({ mock }) => mock.calls)).toEqual([])
    })
  })
}

/** A port on which nobody listens, because its listener has just gone. */
async function portThatRefuses(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
