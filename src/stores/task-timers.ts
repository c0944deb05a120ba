import { TIMERS } from '../commit/system-tables.ts'
import { ROW_BYTES } from './cache-entry.ts'
import { cellProblem } from '../database/cell-problem.ts'
import type { Reader } from '../database/transaction.ts'
import { StoreRefusedError } from '../errors/record-errors.ts'
import type { Cell } from '../model/cell.ts'
import type { MaybePromise } from '../model/maybe-promise.ts'
import type { TaskId } from '../model/task-id.ts'
import { TimersByTime, type SetTimer } from './timers-by-time.ts'
import type { Timer, Timers, TimerType } from './contract/timers.ts'
import { checkKey } from './row-limits.ts'
import type { SealedChanges, TaskStore } from './task-store.ts'

/** Called with a timer that is due. */
export type TimerListener = (timer: Timer) => MaybePromise

/** A timer that is due, and whom to tell. */
export interface DueTimer {
  readonly timer: Timer
  readonly tell: TimerListener
}

/**
 * The timers of a task's nodes: all of them in memory, and each change in the table with the commit of what set it or came of it. So
 * a timer whose effects were not committed is due again.
 */
export class TaskTimers implements TaskStore {
  readonly name = TIMERS.name
  readonly #taskId: TaskId
  readonly #reader: Reader
  readonly #timers = new TimersByTime()
  readonly #listeners = new Map<string, TimerListener>()
  /** Changed in the open unit, by node and key. */
  #changed = new Map<string, readonly [node: string, key: string]>()

  constructor(taskId: TaskId, reader: Reader) {
    this.#taskId = taskId
    this.#reader = reader
  }

  get dirtyBytes(): number {
    return this.#changed.size * ROW_BYTES
  }

  async open(): Promise<void> {
    const rows = await this.#reader.range(TIMERS, { prefix: [this.#taskId] })
    for (const [, node, key, type, at] of rows)
      this.#timers.set({
        node: node as string,
        key: key as string,
        type: type as TimerType,
        at: Number(at),
      })
  }

  /** The timers of a node. @param tell Is told of each that is due. */
  of(node: string, tell: TimerListener): Timers {
    this.#listeners.set(node, tell)
    return {
      set: (key, at, type = 'stream-time') => this.#set({ node, key, at, type }),
      get: (key) => this.#timers.get(node, key),
      delete: (key) => this.#delete(node, key),
    }
  }

  /** When the next of a type is due; infinity where there is none. */
  nextOf(type: TimerType): number {
    return this.#timers.nextOf(type)
  }

  /** Takes the next of a type, if it is due at that time. */
  takeDue(type: TimerType, now: number): DueTimer | undefined {
    const next = this.#timers.nextOf(type) <= now ? this.#timers.first(type) : undefined
    if (!next) return undefined
    this.#delete(next.node, next.key)
    return { timer: next, tell: this.#listeners.get(next.node)! }
  }

  /** Sets timers aside whose nodes are no more: they stay in the table. Answers the nodes. */
  withoutOrphans(): readonly string[] {
    return this.#timers.keepOnly(new Set(this.#listeners.keys()))
  }

  seal(): SealedChanges {
    const upserts: Cell[][] = []
    const deletes: Cell[][] = []
    for (const [node, key] of this.#changed.values()) {
      const timer = this.#timers.get(node, key)
      if (timer) upserts.push([this.#taskId, node, key, timer.type, BigInt(timer.at)])
      else deletes.push([this.#taskId, node, key])
    }
    this.#changed = new Map()
    return { changes: { table: TIMERS, upserts, deletes }, committed: () => undefined }
  }

  #set(timer: SetTimer): void {
    const { node, key, at } = timer
    if (!Number.isSafeInteger(at))
      throw new TypeError(`a timer of ${node} is set for ${at}, which is no number of milliseconds`)
    const problem = cellProblem('text', key)
    if (problem) throw new StoreRefusedError(this.name, `the key of a timer of ${node} ${problem}`)
    checkKey(this.name, `${node}${key}`)
    this.#timers.set(timer)
    this.#change(node, key)
  }

  #delete(node: string, key: string): boolean {
    const wasThere = this.#timers.delete(node, key)
    if (wasThere) this.#change(node, key)
    return wasThere
  }

  #change(node: string, key: string): void {
    this.#changed.set(`${node}\0${key}`, [node, key])
  }
}
