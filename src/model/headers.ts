/** One header of a record: its name and its bytes. A name may occur more than once; order is kept. */
export type Header = readonly [name: string, value: Uint8Array | null]

/** The headers of a record in the order of the wire. */
export type Headers = readonly Header[]

/** Shared by all records without headers, so that they cost nothing. */
export const NO_HEADERS: Headers = Object.freeze([])

/** The value of the last header of that name, as Kafka's `Headers.lastHeader`; `undefined` when there is none. */
export function lastHeader(headers: Headers, name: string): Uint8Array | null | undefined {
  return headers.findLast(([candidate]) => candidate === name)?.[1]
}
