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
export function encodeRecord(topic: string, record: StreamRecord, serdes: SinkSerdes): SinkRecord {
  const { timestamp, headers } = record
  const key = write('key', topic, record, serdes)
  const value = write('value', topic, record, serdes)
  const encoded = { topic, key, value, timestamp, headers }
  const partitionBytes = key && serdes.key.partitionBytes?.(key)
  return partitionBytes ? { ...encoded, partitionBytes } : encoded
}

function write(
  part: 'key' | 'value',
  topic: string,
  record: StreamRecord,
  serdes: SinkSerdes,
): Uint8Array | null {
  const data = record[part]
  if (data === null || data === undefined) return null
  try {
    return serdes[part].serialize(data, record.headers)
  } catch (cause) {
    throw new SerializationError(`the ${part} for topic ${topic}`, messageOf(cause), { cause })
  }
}
