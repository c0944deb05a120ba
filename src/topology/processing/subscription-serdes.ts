import type { Serde, SerdeUse } from '../../serdes/serde.ts'
import { MISSING_SERDE } from '../graph/missing-serde.ts'

/** What is to be done about a subscription, and what is to be answered. */
export type SubscriptionInstruction =
  /** Unsubscribe, without an answer. */
  | 'unsubscribe'
  /** Unsubscribe, and answer that there is no row. */
  | 'unsubscribe-and-answer'
  /** Subscribe, and answer whether there is a row or not. */
  | 'subscribe-and-answer'
  /** Subscribe, and answer if there is a row. */
  | 'subscribe-and-answer-if-there'

/** What a table with foreign keys tells the other one. */
export interface SubscriptionRequest {
  readonly instruction: SubscriptionInstruction
  readonly primaryKey: unknown
  /** Of the value of the row; null where it was deleted. */
  readonly hash: Uint8Array | null
  /** The partition that the row is in, where the answer has to go. */
  readonly partition: number
}

/** What the other table answers. */
export interface SubscriptionResponse {
  /** Of the request: the answer is stale where the row has another value by now. */
  readonly hash: Uint8Array | null
  /** The value of the row that the foreign key names; null without one. */
  readonly value: unknown
  readonly partition: number
}

/** In the order of their numbers in the format. */
const INSTRUCTIONS: readonly SubscriptionInstruction[] = [
  'unsubscribe',
  'unsubscribe-and-answer',
  'subscribe-and-answer',
  'subscribe-and-answer-if-there',
]
/** The first byte; another one would be another format. */
const VERSION = 1
export const HASH_BYTES = 16
/** Version, number, whether there is a hash, partition. */
const HEAD_BYTES = 3 + 4

/** Requests on their way to the other table. Nobody else reads these topics. */
export function subscriptionRequestSerde(primaryKey: Serde<unknown>): Serde<unknown> {
  if (primaryKey === MISSING_SERDE) return primaryKey
  return Object.freeze({
    name: `subscription of ${primaryKey.name}`,
    serialize: (request: unknown) => {
      const { instruction, hash, partition, primaryKey: key } = request as SubscriptionRequest
      return encode(INSTRUCTIONS.indexOf(instruction), hash, partition, primaryKey.serialize(key))
    },
    deserialize: (bytes: Uint8Array): SubscriptionRequest => {
      const { number, rest, ...common } = decode(bytes)
      const instruction = INSTRUCTIONS[number]!
      return { ...common, instruction, primaryKey: primaryKey.deserialize(rest) }
    },
    column: MISSING_SERDE.column,
    prepare: async (use: SerdeUse) => primaryKey.prepare?.(use),
  })
}

/** Responses on their way back. */
export function subscriptionResponseSerde(value: Serde<unknown>): Serde<unknown> {
  if (value === MISSING_SERDE) return value
  return Object.freeze({
    name: `response of ${value.name}`,
    serialize: (response: unknown) => {
      const { hash, partition, value: found } = response as SubscriptionResponse
      return found === null
        ? encode(0, hash, partition, new Uint8Array(0))
        : encode(1, hash, partition, value.serialize(found))
    },
    // As in Kafka Streams, a row that is no bytes at all is as good as none.
    deserialize: (bytes: Uint8Array): SubscriptionResponse => {
      const { number, rest, ...common } = decode(bytes)
      return {
        ...common,
        value: number === 0 || rest.length === 0 ? null : value.deserialize(rest),
      }
    },
    column: MISSING_SERDE.column,
    prepare: async (use: SerdeUse) => value.prepare?.(use),
  })
}

function encode(
  number: number,
  hash: Uint8Array | null,
  partition: number,
  rest: Uint8Array,
): Uint8Array {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head.set([VERSION, number, hash ? 1 : 0])
  head.writeInt32BE(partition, 3)
  return Buffer.concat([head, hash ?? new Uint8Array(0), rest])
}

function decode(bytes: Uint8Array) {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length < HEAD_BYTES || view[0] !== VERSION)
    throw new TypeError('it is no message of a foreign-key join, where only those should be')
  const end = view[2] === 1 ? HEAD_BYTES + HASH_BYTES : HEAD_BYTES
  return {
    number: view[1]!,
    partition: view.readInt32BE(3),
    hash: view[2] === 1 ? view.subarray(HEAD_BYTES, end) : null,
    rest: view.subarray(end),
  }
}
