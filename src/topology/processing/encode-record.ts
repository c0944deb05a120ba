import { SerializationError } from '../../errors/record-errors.ts'
import type { StreamRecord } from '../../model/stream-record.ts'
import type { Serde } from '../../serdes/serde.ts'
import { messageOf } from './message-of.ts'
import type { SinkRecord } from './node-context.ts'

/** How keys and values of a topic are written. */
export interface SinkSerdes {
  readonly key: Serde<unknown>
  readonly value: Serde<unknown>
}

/**
 * A record in bytes; null stays null.
 * @throws SerializationError `SERIALIZATION_FAILED` that names topic and part.
 */
export function encodeRecord(
  topic: string,
  { key, value, timestamp, headers }: StreamRecord,
  serdes: SinkSerdes,
): SinkRecord {
  const write = (part: 'key' | 'value', data: unknown): Uint8Array | null => {
    if (data === null || data === undefined) return null
    try {
      return serdes[part].serialize(data, headers)
    } catch (cause) {
      throw new SerializationError(`the ${part} for topic ${topic}`, messageOf(cause), { cause })
    }
  }
  const [keyBytes, valueBytes] = [write('key', key), write('value', value)]
  const encoded = { topic, key: keyBytes, value: valueBytes, timestamp, headers }
  const partitionBytes = keyBytes && serdes.key.partitionBytes?.(keyBytes)
  return partitionBytes ? { ...encoded, partitionBytes } : encoded
}
