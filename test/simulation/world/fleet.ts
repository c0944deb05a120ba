import { StreamsError } from '../../../src/errors/streams-error.ts'
import { Streams } from '../../../src/runtime/streams.ts'
import type { StreamsOptions } from '../../../src/runtime/streams-options.ts'
import type { Topology } from '../../../src/topology/topology.ts'
import type { Random } from '../../support/random.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { World } from './world.ts'

/** What instances run in one after the other, as in a StatefulSet: in some of them under one name, as static members. */
interface Slot {
  readonly groupInstanceId: string | undefined
  /** One was started although its predecessor only stood still, or had not ended yet: one of the two has to go. */
  isDoubled: boolean
}

/** An application in its process. */
interface Instance {
  readonly slot: Slot
  readonly process: SimulatedProcess
  readonly app: Streams
}

/** What instances are started with. */
export type FleetOptions = Omit<StreamsOptions, 'kafka' | 'database' | 'logger'>

/** Codes of failures that somebody who starts the instance again mends. */
const PASSING = new Set([
  'KAFKA_UNREACHABLE',
  'DATABASE_UNREACHABLE',
  'TRANSACTION_ROLLED_BACK',
  'COMMIT_UNKNOWN',
])
const RESTART_MS_MAX = 15_000
/** How many of the slots have names. */
const NAMED_PARTS = [0, 0.5, 1]

/**
 * Keeps a number of instances running: what crashes or fails is started again after a while, as an orchestrator does; one that knows
 * names may take an instance for dead that only stands still.
 */
export class Fleet {
  readonly #topology: Topology
  readonly #options: FleetOptions
  readonly #random: Random
  readonly #instances = new Set<Instance>()
  /** What an instance said that should never be said. */
  readonly problems: string[] = []
  /** What instances logged. */
  readonly lines: string[] = []
  #world: World | undefined
  #isClosing = false

  constructor(topology: Topology, options: FleetOptions, random: Random) {
    this.#topology = topology
    this.#options = options
    this.#random = random
  }

  /** Starts instances in a world. */
  start(world: World, count: number): void {
    this.#world = world
    const namedPart = NAMED_PARTS[Math.floor(this.#random() * NAMED_PARTS.length)]!
    for (let number = 1; number <= count; number++) {
      const isNamed = this.#random() < namedPart
      const slot = { groupInstanceId: isNamed ? `name-${number}` : undefined, isDoubled: false }
      this.#startLater(slot, this.#random() * 2_000)
    }
  }

  /** A process is gone: another one takes its place. */
  crashed(process: SimulatedProcess): void {
    for (const instance of this.#instances)
      if (instance.process === process) this.#replace(instance)
  }

  /** A process stands still: another one may take its name. */
  frozen(process: SimulatedProcess): void {
    const instance = [...this.#instances].find((one) => one.process === process)
    if (instance?.slot.groupInstanceId === undefined || this.#random() < 0.5) return
    const { slot } = instance
    this.#world!.later(this.#restartMs(slot), () => {
      slot.isDoubled = true
      if (!this.#isClosing) this.#startNow(slot)
    })
  }

  /** Closes one of the instances in order; another one takes its place. */
  restartOne(): void {
    const instances = [...this.#instances]
    const instance = instances[Math.floor(this.#random() * instances.length)]
    if (!instance) return
    instance.process.take(() => void instance.app.close())
    instance.slot.isDoubled = true
    this.#replace(instance)
  }

  /** Closes all that run; resolves when they are closed. */
  async close(): Promise<void> {
    this.#isClosing = true
    const closing = [...this.#instances].map(
      ({ process, app }) =>
        new Promise<void>((resolve) =>
          process.take(() => void app.close({ timeoutMs: 60_000 }).then(resolve)),
        ),
    )
    await Promise.all(closing)
  }

  #replace(instance: Instance): void {
    const { slot } = instance
    if (this.#instances.delete(instance)) this.#startLater(slot, this.#restartMs(slot))
  }

  /**
   * Half of them join while the group still shares out what their predecessor had; of those with a name, every other one comes back
   * while its predecessor's session lasts.
   */
  #restartMs({ groupInstanceId }: Slot): number {
    const { sessionTimeoutMs = 0 } = this.#options
    if (groupInstanceId !== undefined && this.#random() < 0.5)
      return this.#random() ** 2 * sessionTimeoutMs
    const isJustThen = this.#random() < 0.5
    return isJustThen ? sessionTimeoutMs + this.#random() * 100 : this.#random() * RESTART_MS_MAX
  }

  #startLater(slot: Slot, delayMs: number): void {
    this.#world!.later(delayMs, () => {
      const isTaken = [...this.#instances].some((instance) => instance.slot === slot)
      if (!this.#isClosing && !isTaken) this.#startNow(slot)
    })
  }

  #startNow(slot: Slot): void {
    const world = this.#world!
    const process = world.createProcess()
    process.run(() => {
      const app = new Streams(this.#topology, {
        ...this.#options,
        ...(slot.groupInstanceId !== undefined && { groupInstanceId: slot.groupInstanceId }),
        ...world.adaptersOf(process),
        logger: this.#loggerOf(process),
      })
      const instance = { slot, process, app }
      this.#instances.add(instance)
      app.on('state', (state, error) => {
        if (state === 'failed') this.#failed(instance, error)
      })
      // What it fails of comes as a state as well.
      app.start().catch(() => undefined)
    })
  }

  #failed(instance: Instance, error: unknown): void {
    if (!StreamsError.is(error) || !this.#isPassing(error, instance.slot))
      this.problems.push(`${instance.process.name} failed: ${String(error)}`)
    instance.process.die()
    this.#replace(instance)
  }

  #isPassing({ code }: StreamsError, { isDoubled }: Slot): boolean {
    return PASSING.has(code) || (isDoubled && code === 'INSTANCE_FENCED')
  }

  #loggerOf(process: SimulatedProcess): NonNullable<StreamsOptions['logger']> {
    const at = (level: string) => (message: string, fields?: object) => {
      const error = (fields as { error?: unknown } | undefined)?.error
      const reason = error instanceof Error ? ` (${error.message})` : ''
      const time = ((this.#world!.loop.now % 10_000_000) / 1_000).toFixed(4)
      this.lines.push(`${time} ${process.name} ${level}: ${message}${reason}`)
      if (message.startsWith('record dropped')) this.problems.push(`${process.name}: ${message}`)
    }
    return { debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') }
  }
}
