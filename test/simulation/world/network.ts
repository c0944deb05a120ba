import type { EventLoop } from './event-loop.ts'
import type { Fate, Faults } from './faults.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What a world does to one of its processes. */
export interface ProcessFaults {
  crash(process: SimulatedProcess): void
  freeze(process: SimulatedProcess): void
}

/** One side of a connection: who calls, and whom. */
export interface Line {
  readonly client: SimulatedProcess
  readonly server: SimulatedProcess
  /** What the caller hears of a call that failed on the way. */
  readonly failure: (call: string) => Error
}

/** How a call goes beside what is ordinary. */
export interface CallOptions {
  /** It may arrive twice without harm, as clients repeat it. */
  readonly isRepeatable?: boolean
  /** What the caller hears when it failed, where that is not the line's. */
  readonly failure?: Error
}

const STREAM_STEP_MS = 0.001

/** Carries calls between processes: takes time, and draws what becomes of each. */
export class Network {
  readonly #loop: EventLoop
  readonly #faults: Faults
  readonly #processes: ProcessFaults

  constructor(loop: EventLoop, faults: Faults, processes: ProcessFaults) {
    this.#loop = loop
    this.#faults = faults
    this.#processes = processes
  }

  /** Has the server do something, and answers what it answers. A caller that is gone hears nothing; what it sent goes its way. */
  call<T>(
    { client, server, failure: failureOf }: Line,
    name: string,
    effect: () => Promise<T> | T,
    { isRepeatable = false, failure = failureOf(name) }: CallOptions = {},
  ): Promise<T> {
    const fate = this.#faults.next()
    return new Promise<T>((resolve, reject) => {
      this.#befall(fate, client)
      if (fate === 'crash-before') return
      const answer = (tell: () => void) => this.#send(client, fate, tell)
      if (fate === 'lost-request') return answer(() => reject(failure))
      const times = fate === 'twice' && isRepeatable ? 2 : 1
      this.#send(server, fate, () => {
        void this.#perform(effect, times).then(
          (value) => {
            if (fate === 'crash-after') this.#processes.crash(client)
            answer(() => (fate === 'lost-answer' ? reject(failure) : resolve(value)))
          },
          (error: Error) => answer(() => reject(error)),
        )
      })
    })
  }

  /** Draws what becomes of a call that the server carries out by itself, and does to the client what that says. */
  fateOf(client: SimulatedProcess): Fate {
    const fate = this.#faults.next()
    this.#befall(fate, client)
    return fate
  }

  /** Time that passes at a server. */
  wait(server: SimulatedProcess): Promise<void> {
    return new Promise((resolve) => void this.#loop.schedule(server, this.#faults.delay(), resolve))
  }

  /** A connection on which what is sent arrives in order, now and then late, and never fails: a coordinator may be slow. */
  stream(to: SimulatedProcess): (event: () => void) => void {
    let last = 0
    return (event) => {
      // Never at the same time: then lots would decide.
      const delay = this.#faults.delay() + this.#faults.holdUp()
      last = Math.max(last + STREAM_STEP_MS, this.#loop.now + delay)
      this.#loop.schedule(to, last - this.#loop.now, event)
    }
  }

  async #perform<T>(effect: () => Promise<T> | T, times: number): Promise<T> {
    for (let left = times; left > 1; left--) await effect()
    return effect()
  }

  #befall(fate: Fate, client: SimulatedProcess): void {
    if (fate === 'crash-before') this.#processes.crash(client)
    if (fate === 'freeze') this.#processes.freeze(client)
  }

  #send(to: SimulatedProcess, fate: Fate, arrived: () => void): void {
    const delay = fate === 'slow' ? this.#faults.longDelay() : this.#faults.delay()
    this.#loop.schedule(to, delay, arrived)
  }
}
