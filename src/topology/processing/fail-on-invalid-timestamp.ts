import type { ExtractedRecord } from './functions.ts'

/** The default extractor: the record's own timestamp. A negative one is an `INVALID_TIMESTAMP`. */
export function failOnInvalidTimestamp({ timestamp }: ExtractedRecord): number {
  return timestamp
}
