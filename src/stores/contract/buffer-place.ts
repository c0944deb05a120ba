/** Where something stands in a buffer: by time, then by the bytes of its key, then by number. */
export interface BufferPlace {
  /** Milliseconds. */
  readonly time: number
  /** Bytes, a character for each: compares as they do. */
  readonly bytes: string
  readonly seq: number
}
