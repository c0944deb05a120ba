import type { Reader } from '../database/transaction.ts'
import { TIMES } from '../commit/system-tables.ts'
import type { TaskId } from '../model/task-id.ts'
import type { KeptTime } from './contract/kept-time.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/**
 * The times of a task's nodes and stores by name: the highest timestamp each has seen, what was emitted last, … Kafka Streams
 * begins anew after a restart and takes what was late before.
 */
export class TaskTimes implements TaskStore {
  readonly name = TIMES.name
  readonly dirtyBytes = 0
  readonly #taskId: TaskId
  readonly #reader: Reader
  readonly #times = new Map<string, KeptTime>()
  #sealed = new Map<string, number>()

  constructor(taskId: TaskId, reader: Reader) {
    this.#taskId = taskId
    this.#reader = reader
  }

  async open(): Promise<void> {
    const rows = await this.#reader.range(TIMES, { prefix: [this.#taskId] })
    for (const [, name, time] of rows) this.of(name as string).value = Number(time)
    this.#sealed = this.#values()
  }

  /** The time of that name, one object for all who ask. */
  of(name: string): KeptTime {
    const known = this.#times.get(name)
    if (known) return known
    const time = { value: -1 }
    this.#times.set(name, time)
    return time
  }

  seal(): SealedChanges {
    const now = this.#values()
    const upserts = [...now]
      .filter(([name, time]) => time !== (this.#sealed.get(name) ?? -1))
      .map(([name, time]) => [this.#taskId, name, BigInt(time)])
    this.#sealed = now
    return { changes: { table: TIMES, upserts, deletes: [] }, committed: () => undefined }
  }

  #values(): Map<string, number> {
    return new Map([...this.#times].map(([name, { value }]) => [name, value]))
  }
}
