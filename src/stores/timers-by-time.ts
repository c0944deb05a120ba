import { SortedEntries } from '../model/sorted-entries.ts'
import type { Timer, TimerType } from './contract/timers.ts'

/** A timer, and the node whose it is. */
export interface SetTimer extends Timer {
  readonly node: string
}

/** Where a timer stands in line. */
type Place = Pick<SetTimer, 'at' | 'node' | 'key'>

interface Entry {
  readonly key: Place
  readonly timer: SetTimer
}

/** Timers by node and key, and by type in the order in which they are due: by time, then by node and key. */
export class TimersByTime {
  readonly #byKey = new Map<string, SetTimer>()
  readonly #byTime: Readonly<Record<TimerType, SortedEntries<Place, Entry>>> = {
    'stream-time': new SortedEntries<Place, Entry>(comparePlaces),
    'wall-clock': new SortedEntries<Place, Entry>(comparePlaces),
  }

  get(node: string, key: string): SetTimer | undefined {
    return this.#byKey.get(nameOf(node, key))
  }

  /** In place of the one that has its node and key. */
  set(timer: SetTimer): void {
    const { node, key, type } = timer
    this.delete(node, key)
    this.#byKey.set(nameOf(node, key), timer)
    this.#byTime[type].set({ key: timer, timer })
  }

  /** Whether it was there. */
  delete(node: string, key: string): boolean {
    const timer = this.get(node, key)
    if (!timer) return false
    this.#byTime[timer.type].delete(timer)
    return this.#byKey.delete(nameOf(node, key))
  }

  first(type: TimerType): SetTimer | undefined {
    return this.#byTime[type].after()?.timer
  }

  /** When the first of a type is due; infinity where there is none. */
  nextOf(type: TimerType): number {
    return this.first(type)?.at ?? Infinity
  }

  /** Forgets those of other nodes, and answers these. */
  keepOnly(nodes: ReadonlySet<string>): readonly string[] {
    const others = [...this.#byKey.values()].filter(({ node }) => !nodes.has(node))
    for (const { node, key } of others) this.delete(node, key)
    return [...new Set(others.map(({ node }) => node))]
  }
}

function nameOf(node: string, key: string): string {
  return `${node}\0${key}`
}

function comparePlaces(one: Place, other: Place): number {
  return one.at - other.at || compareText(one.node, other.node) || compareText(one.key, other.key)
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
