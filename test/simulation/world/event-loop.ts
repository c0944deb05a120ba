import type { Random } from '../../support/random.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Something that will happen in a process. */
interface Event {
  /** By the virtual clock, milliseconds. */
  at: number
  /** Decides between events of the same time. */
  readonly lot: number
  readonly process: SimulatedProcess
  readonly run: () => void
  isCancelled: boolean
}

/** An event that can be called off. */
export interface Scheduled {
  cancel(): void
}

/** The real one: everything else is virtual while a simulation runs. */
const { setImmediate: realTurn } = globalThis

/**
 * The one event loop of a simulated world: the next event is the one with the lowest time, by lot where several have it. What it
 * sets off runs until no microtask is left; then comes the next. Nothing happens outside of it, so a seed decides everything.
 */
export class EventLoop {
  readonly #random: Random
  /** A binary heap. */
  readonly #events: Event[] = []
  #now: number
  #steps = 0
  #fingerprint = 0

  constructor(random: Random, startsAt: number) {
    this.#random = random
    this.#now = startsAt
  }

  /** Milliseconds since the epoch, virtual. */
  get now(): number {
    return this.#now
  }

  get steps(): number {
    return this.#steps
  }

  /** The same for two runs in which the same happened in the same order. */
  get fingerprint(): string {
    return (this.#fingerprint >>> 0).toString(16).padStart(8, '0')
  }

  schedule(process: SimulatedProcess, delayMs: number, run: () => void): Scheduled {
    if (Number.isNaN(delayMs)) throw new TypeError(`no time: ${process.name}`)
    const at = this.#now + Math.max(0, delayMs)
    const event = { at, lot: this.#random(), process, run, isCancelled: false }
    this.#push(event)
    return { cancel: () => (event.isCancelled = true) }
  }

  /** Runs events until `isOver` says so after one of them, or the virtual time is `until`, or nothing is left. */
  async run(until: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const event = this.#pop()
      if (!event || event.at > until) {
        if (event) this.#push(event)
        this.#now = until
        return
      }
      if (event.isCancelled) continue
      this.#now = Math.max(this.#now, event.at)
      this.#steps++
      this.#note(event)
      event.process.take(event.run)
      await new Promise<void>((resolve) => void realTurn(resolve))
    }
  }

  #note({ at, process }: Event): void {
    for (const part of [at * 1_000, process.number])
      this.#fingerprint = Math.imul(this.#fingerprint ^ part, 0x01000193) + this.#steps
  }

  #push(event: Event): void {
    const heap = this.#events
    let index = heap.push(event) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(event, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = event
  }

  #pop(): Event | undefined {
    const heap = this.#events
    const first = heap[0]
    const last = heap.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first
  }

  #sink(event: Event): void {
    const heap = this.#events
    let index = 0
    for (;;) {
      let child = index * 2 + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, event)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = event
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.lot < b.lot)
}
