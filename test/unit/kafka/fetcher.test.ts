import { describe, expect, test } from '@jest/globals'
import type { StreamsError } from '../../../src/errors/streams-error.ts'
import { ConnectionLostError } from '../../../src/kafka/client/connection-lost-error.ts'
import { DEFAULT_LIMITS, Fetcher, type FetchLane } from '../../../src/kafka/client/fetcher.ts'
import type { FetchedPartition } from '../../../src/kafka/client/wire/fetch.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { brokersOf } from '../../support/brokers-of.ts'
import { deferred, type Deferred } from '../../support/deferred.ts'
import { turns, until } from '../../support/turns.ts'

const PARTITION = { topic: 'topic', partition: 0 }

/** @param fetch Answers a fetch. */
function openFetcher(fetch: () => Promise<unknown>, failures: StreamsError[] = []): Fetcher {
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
    listener: { onBatch: () => undefined, onFailed: (error) => void failures.push(error) },
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

describe('a log that is not the one that was fetched from', () => {
  /** A broker whose log ends where it parts from the other one, and has nothing behind. */
  const open = (endOffset: bigint) => {
    const asked: FetchedPartition[] = []
    const failures: StreamsError[] = []
    const nothing = { errorCode: 0, abortedTransactions: [], log: Buffer.alloc(0) }
    const offsets = { highWatermark: endOffset, lastStableOffset: endOffset }
    const fetcher = openFetcher(() => {
      // Only the first of them: it is asked with an epoch that it does not have.
      const diverging = asked.length === 0 ? { epoch: 1, endOffset } : undefined
      asked.push({ ...PARTITION, ...nothing, ...offsets, diverging })
      return asked.length > 2 ? deferred<never>().promise : Promise.resolve([asked.at(-1)])
    }, failures)
    fetcher.assign([PARTITION])
    return { asked, failures, fetcher }
  }

  test('fails where it lacks what was fetched', async () => {
    const { failures, fetcher } = open(9n)
    fetcher.fetchFrom(PARTITION, 10n, 2)
    await until('the failure', () => failures.length > 0)
    expect(failures).toMatchObject([
      { code: 'LOG_TRUNCATED', message: expect.stringContaining('offset 9') as unknown },
    ])
  })

  test('is fetched on where it has all that was asked for', async () => {
    const { asked, failures, fetcher } = open(10n)
    fetcher.fetchFrom(PARTITION, 10n, 2)
    await until('further fetches', () => asked.length > 2)
    expect(failures).toEqual([])
  })
})
