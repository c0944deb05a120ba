import { brokerError, CODE } from '../../src/kafka/client/broker-error.ts'
import type { Brokers } from '../../src/kafka/client/brokers.ts'
import { ConnectionLostError } from '../../src/kafka/client/connection-lost-error.ts'
import type { ProducedBatch } from '../../src/kafka/client/wire/produce.ts'
import type { WireRequest } from '../../src/kafka/client/wire/wire-request.ts'
import { readRecordBatches } from '../../src/kafka/record-batch/batch-reader.ts'
import { ByteReader } from '../../src/kafka/record-batch/byte-reader.ts'
import { readRecords } from '../../src/kafka/record-batch/records-reader.ts'
import { brokersOf } from './brokers-of.ts'

/** What happens to a produce request: it or its answer is lost, or the broker leads the partitions no more. */
export type ProduceFault = 'request-lost' | 'answer-lost' | 'not-leader'

const OUT_OF_ORDER_SEQUENCE_NUMBER = 45
const SEQUENCE_AT = 53
/** As many batches of a producer as a broker remembers. */
const REMEMBERED = 5

/**
 * The outside of a broker as far as an idempotent producer sees it: appends batches in the order of their sequences, knows
 * repeats of the last five, and refuses gaps. Requests meet faults in turn, one each.
 */
export class ProduceBroker {
  readonly brokers: Brokers
  readonly faults: (ProduceFault | undefined)[]
  /** Values by partition. */
  readonly logs: string[][]
  /** The sequence that each log expects; a broker that knows nothing of a producer takes any. */
  readonly #next: (number | undefined)[]
  readonly #remembered: number[][]
  #inFlight = 0
  /** The most requests that were unanswered at a time. */
  inFlightMax = 0
  /** Batches that are larger are refused. */
  batchBytesMax = Infinity

  constructor(partitions: number, faults: readonly (ProduceFault | undefined)[] = []) {
    this.faults = [...faults]
    this.logs = Array.from({ length: partitions }, () => [])
    this.#next = this.logs.map(() => undefined)
    this.#remembered = this.logs.map(() => [])
    this.brokers = brokersOf(partitions, (request) => this.#produce(request))
  }

  async #produce(request: WireRequest<unknown>): Promise<ProducedBatch[]> {
    const fault = this.faults.shift()
    const batches = decode(Buffer.from(request.encode().bytes()))
    this.inFlightMax = Math.max(this.inFlightMax, ++this.#inFlight)
    const codes = batches.map(({ partition, log }) =>
      fault === undefined || fault === 'answer-lost' ? this.#append(partition, log) : undefined,
    )
    await new Promise((resolve) => setImmediate(resolve))
    this.#inFlight--
    if (fault === 'request-lost' || fault === 'answer-lost') throw new ConnectionLostError(fault)
    return batches.map(({ partition }, i) => ({
      topic: 'topic',
      partition,
      errorCode: codes[i] ?? CODE.NOT_LEADER_OR_FOLLOWER,
    }))
  }

  #append(partition: number, log: Buffer): number {
    const batch = readRecordBatches(log)[0]
    if (!batch) throw brokerError(CODE.CORRUPT_MESSAGE)
    if (log.length > this.batchBytesMax) return CODE.MESSAGE_TOO_LARGE
    const sequence = log.readInt32BE(SEQUENCE_AT)
    const remembered = this.#remembered[partition]!
    if (remembered.includes(sequence)) return 0
    const expected = this.#next[partition] ?? sequence
    if (sequence !== expected) return OUT_OF_ORDER_SEQUENCE_NUMBER
    this.#next[partition] = sequence + batch.recordCount
    remembered.push(sequence)
    if (remembered.length > REMEMBERED) remembered.shift()
    const values = readRecords(batch, batch.records, 0n).map(({ value }) => Buffer.from(value!))
    this.logs[partition]!.push(...values.map((value) => value.toString('utf8', 0, 20).trim()))
    return 0
  }
}

/** The batches of a produce request, version 7. */
function decode(request: Buffer): { partition: number; log: Buffer }[] {
  const reader = new ByteReader(request)
  reader.nullableString()
  reader.position += 6
  return reader.array(() => {
    reader.string()
    reader.position += 4
    return { partition: reader.int32(), log: reader.bytes() }
  })
}
