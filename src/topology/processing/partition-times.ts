import { partitionTimeOf } from '../../model/kept-time-name.ts'
import type { KeptTime } from '../../stores/contract/kept-time.ts'

/** How a time is found by its name. */
type TimeByName = (name: string) => KeptTime

/**
 * The highest timestamps of the partitions that a source reads, by topic: a task has one partition of
 * each.
 *
 * Records are decoded ahead of the one that is processed, so there are two times: up to the last record
 * decoded, which extractors see, and up to the last one processed, which is kept with the task's state.
 */
export class PartitionTimes {
  readonly #timeOf: TimeByName
  readonly #decoded = new Map<string, number>()

  constructor(timeOf: TimeByName) {
    this.#timeOf = timeOf
  }

  /** Milliseconds; −1 before the first record. */
  of(topic: string): number {
    return this.#decoded.get(topic) ?? this.#kept(topic).value
  }

  /** A record was decoded. */
  decoded(topic: string, timestamp: number): void {
    if (timestamp > this.of(topic)) this.#decoded.set(topic, timestamp)
  }

  /** A record is processed. */
  processed(topic: string, timestamp: number): void {
    const kept = this.#kept(topic)
    if (timestamp > kept.value) kept.value = timestamp
  }

  #kept(topic: string): KeptTime {
    return this.#timeOf(partitionTimeOf(topic))
  }
}
