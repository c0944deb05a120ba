import { ResponseError, type createTopicsV7, type deleteRecordsV2 } from '@platformatic/kafka'
import { brokerError, type BrokerError } from '../client/broker-error.ts'
import type { PartitionRefusal } from '../client/broker.ts'

/** The library throws one error for a request that was refused in part: which parts is in the answer that it carries. */
export async function refusedTopics(request: Promise<unknown>): Promise<BrokerError[]> {
  const answer = await answerIfRefused<ReturnType<typeof createTopicsV7.parseResponse>>(request)
  const refused = answer?.topics.filter(({ errorCode }) => errorCode !== 0) ?? []
  return refused.map(({ name, errorCode, errorMessage }) =>
    brokerError(errorCode, errorMessage ?? name),
  )
}

export async function refusedPartitions(request: Promise<unknown>): Promise<PartitionRefusal[]> {
  const answer = await answerIfRefused<ReturnType<typeof deleteRecordsV2.parseResponse>>(request)
  return (answer?.topics ?? []).flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode }) => errorCode !== 0)
      .map(({ partitionIndex, errorCode }) => {
        return { topic: name, partition: partitionIndex, error: brokerError(errorCode) }
      }),
  )
}

async function answerIfRefused<T>(request: Promise<unknown>): Promise<T | undefined> {
  try {
    await request
    return undefined
  } catch (error) {
    if (error instanceof Error && error.cause instanceof ResponseError)
      return error.cause['response'] as T
    throw error
  }
}
