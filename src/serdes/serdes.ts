import { bytesSerde } from './bytes-serde.ts'
import { doubleSerde } from './double-serde.ts'
import { int64Serde } from './int64-serde.ts'
import { jsonSerde } from './json-serde.ts'
import { stringSerde } from './string-serde.ts'
import { sessionWindowedSerde, timeWindowedSerde } from './windowed-serdes.ts'

/**
 * The serdes that come with rowstream; their bytes are those of Kafka's Java serdes of the same
 * types.
 *
 * @example
 * ```ts
 * builder.stream('orders', { key: serdes.string, value: serdes.json<Order>() })
 * ```
 */
export const serdes = Object.freeze({
  string: stringSerde,
  int64: int64Serde,
  double: doubleSerde,
  json: jsonSerde,
  bytes: bytesSerde,
  timeWindowed: timeWindowedSerde,
  sessionWindowed: sessionWindowedSerde,
})
