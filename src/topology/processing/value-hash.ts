import { createHash } from 'node:crypto'
import type { Serde } from '../../serdes/serde.ts'

/** 16 bytes that are different, but for one chance in 2^128, where values are; no secret, and none of Kafka Streams' choice. */
export function hashOf(serde: Serde<unknown>, value: unknown): Uint8Array {
  return createHash('md5').update(serde.serialize(value)).digest()
}
