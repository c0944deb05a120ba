import type { JsonValue } from '../model/cell.ts'
import type { Headers } from '../model/headers.ts'

/** Names and values of headers, these in base64. */
export function headersCell(headers: Headers): JsonValue {
  return headers.map(([name, value]) => [
    name,
    value === null ? null : Buffer.from(value).toString('base64'),
  ])
}

/** The headers of a cell that {@link headersCell} made. */
export function headersOf(cell: JsonValue): Headers {
  return (cell as (readonly [string, string | null])[]).map(([name, text]) => [
    name,
    text === null ? null : Buffer.from(text, 'base64'),
  ])
}
