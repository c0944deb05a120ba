import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<SimulatedProcess>()

/**
 * A process of the simulated world: whatever runs in it, and whatever that sets off, belongs to it.
 *
 * running ⇄ frozen, and dead from either. A frozen process takes its events when it thaws, in their order. A dead one takes none
 * any more: as in a crash, everything that it awaited never comes.
 */
export class SimulatedProcess {
  readonly number: number
  readonly name: string
  #state: 'running' | 'frozen' | 'dead' = 'running'
  #held: (() => void)[] = []
  readonly #onDeath: (() => void)[] = []

  constructor(number: number, name: string) {
    this.number = number
    this.name = name
  }

  /** The process whose code is running. */
  static get current(): SimulatedProcess | undefined {
    return current.getStore()
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  get isFrozen(): boolean {
    return this.#state === 'frozen'
  }

  /** Runs code as this process. */
  run<T>(code: () => T): T {
    return current.run(this, code)
  }

  /** An event of the process is due. */
  take(event: () => void): void {
    if (this.#state === 'running') this.run(event)
    else if (this.#state === 'frozen') this.#held.push(event)
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen'
  }

  /** Answers what came due meanwhile, in order: whoever thaws it has it run. */
  thaw(): readonly (() => void)[] {
    if (this.#state !== 'frozen') return []
    this.#state = 'running'
    return this.#held.splice(0)
  }

  die(): void {
    if (this.isDead) return
    this.#state = 'dead'
    this.#held = []
    for (const tell of this.#onDeath) tell()
  }

  /** Calls at death what the rest of the world notices: a connection that is closed. */
  onDeath(tell: () => void): void {
    if (this.isDead) tell()
    else this.#onDeath.push(tell)
  }
}
