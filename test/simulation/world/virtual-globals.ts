import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timersPromises from 'node:timers/promises'
import type { Random } from '../../support/random.ts'
import type { EventLoop, Scheduled } from './event-loop.ts'
import { SimulatedProcess } from './simulated-process.ts'

/** A turn of the event loop takes a little, so that what polls does not stop the clock. */
const TURN_MS = 0.01

/** A timer as Node.js gives it. */
class VirtualTimer {
  readonly #scheduled: () => Scheduled
  #pending: Scheduled

  constructor(schedule: () => Scheduled) {
    this.#scheduled = schedule
    this.#pending = schedule()
  }

  /** For `setInterval`. */
  again(): void {
    this.#pending = this.#scheduled()
  }

  cancel(): void {
    this.#pending.cancel()
  }

  /** The loop of the world decides when it ends. */
  unref(): this {
    return this
  }

  ref(): this {
    return this
  }
}

/**
 * Puts the world's clock, timers and dice in place of those of Node.js, until what it answers is called. Timers belong to the
 * process that sets them.
 */
export function installVirtualGlobals(loop: EventLoop, random: Random): () => void {
  const real = { ...pick(globalThis), now: Date.now, promises: { ...timersPromises } }
  const realBytes = crypto.randomBytes
  Object.assign(globalThis, virtualTimers(loop))
  Date.now = () => Math.floor(loop.now)
  timersPromises.setImmediate = virtualTurn
  crypto.randomBytes = (size: number) =>
    Buffer.from(Array.from({ length: size }, () => random() * 256))
  syncBuiltinESMExports()
  return () => {
    const { now, promises, ...timers } = real
    Object.assign(globalThis, timers)
    Date.now = now
    timersPromises.setImmediate = promises.setImmediate
    crypto.randomBytes = realBytes
    syncBuiltinESMExports()
  }
}

async function virtualTurn<T = void>(value?: T): Promise<T> {
  await new Promise((resolve) => void setImmediate(resolve))
  return value as T
}

function virtualTimers(loop: EventLoop): object {
  const after = (ms: number, run: () => void) => {
    const process = owner()
    return new VirtualTimer(() => loop.schedule(process, ms, run))
  }
  const clear = (timer: unknown) => {
    if (timer instanceof VirtualTimer) timer.cancel()
  }
  return {
    setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      after(Math.max(1, ms), () => run(...args)),
    setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) =>
      after(TURN_MS, () => run(...args)),
    setInterval: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const timer: VirtualTimer = after(Math.max(1, ms), () => {
        timer.again()
        run(...args)
      })
      return timer
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  }
}

function owner(): SimulatedProcess {
  const process = SimulatedProcess.current
  if (!process) throw new TypeError('a timer was set outside of every simulated process')
  return process
}

function pick(all: typeof globalThis): object {
  const { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate } = all
  return { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate }
}
