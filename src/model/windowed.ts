/**
 * A key and a window: the key of what is aggregated by windows.
 *
 * The end is as Kafka Streams has it: excluded for tumbling and hopping windows, included for sliding and session windows,
 * infinite for unlimited ones.
 */
export interface Windowed<K> {
  readonly key: K
  /** Milliseconds, included. */
  readonly start: number
  /** Milliseconds. */
  readonly end: number
}
