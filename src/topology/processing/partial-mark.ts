import { DeserializationError } from '../../errors/record-errors.ts'
import { NO_HEADERS, type Header, type Headers } from '../../model/headers.ts'

/** The header of a record whose value is a partial result, not a plain value. */
export const PARTIAL_HEADER = 'rowstream-partial'

// The version of what is marked; a client may not carry a header without a value.
const MARK: Header = Object.freeze([PARTIAL_HEADER, Uint8Array.of(1)])
const ONLY_THE_MARK: Headers = Object.freeze([MARK])

/** The headers, and the mark after them. */
export function withPartialMark(headers: Headers): Headers {
  return headers.length === 0 ? ONLY_THE_MARK : [...headers, MARK]
}

/**
 * The headers as they were before they were marked.
 * @throws DeserializationError `DESERIALIZATION_FAILED` when there is no mark: a plain record in a
 *   topic of partial results.
 */
export function withoutPartialMark(headers: Headers): Headers {
  const last = headers.length - 1
  if (headers[last]?.[0] !== PARTIAL_HEADER) {
    throw new DeserializationError(
      'value',
      'it is a plain record, where only partial results of a combiner should be',
    )
  }
  return last === 0 ? NO_HEADERS : headers.slice(0, last)
}
