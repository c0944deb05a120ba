import { test } from '@jest/globals'
import { ConnectionLostError } from '../../../src/kafka/client/connection-lost-error.ts'
import { DEFAULT_LIMITS, Fetcher, type FetchLane } from '../../../src/kafka/client/fetcher.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { brokersOf } from '../../support/brokers-of.ts'
import { deferred, type Deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'

const PARTITION = { topic: 'topic', partition: 0 }

/** @param fetch Answers a fetch. */
function openFetcher(fetch: () => Promise<never>): Fetcher {
  const lane = (): FetchLane => ({
    brokers: brokersOf(1, fetch),
    maxWaitMs: 1,
    busyNodes: new Set(),
  })
  return new Fetcher({
    groupId: 'group',
    limits: DEFAULT_LIMITS,
    lanes: [lane(), lane()],
    readCommitted: true,
    decompress: async (_codec, records) => records,
    listener: { onBatch: () => undefined, onFailed: () => undefined },
    logger: consoleLogger('silent'),
  })
}

test('a partition is fetched although all lanes were lost with what was fetched for earlier assignments', async () => {
  const fetches: Deferred<never>[] = []
  const fetcher = openFetcher(() => {
    const answer = deferred<never>()
    fetches.push(answer)
    return answer.promise
  })
  const assign = (): void => {
    fetcher.assign([PARTITION])
    fetcher.fetchFrom(PARTITION, 0n)
  }
  for (const lanes of [1, 2]) {
    assign()
    await until(`${lanes} busy lanes`, () => fetches.length === lanes)
  }
  assign()
  await turns()
  for (const fetch of fetches) fetch.reject(new ConnectionLostError('broken'))
  await until('the fetch for the newest assignment', () => fetches.length === 3)
})
