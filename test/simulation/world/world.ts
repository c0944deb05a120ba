import { MemoryBroker } from '../../../src/kafka/memory/memory-broker.ts'
import { MemorySchema } from '../../../src/database/memory/memory-schema.ts'
import type { Random } from '../../support/random.ts'
import { simulatedDatabase, type DatabaseSite } from '../database/simulated-database.ts'
import type { SimulatedConsumer } from '../kafka/simulated-consumer.ts'
import { simulatedKafka, type KafkaSite } from '../kafka/simulated-kafka.ts'
import { EventLoop } from './event-loop.ts'
import type { Faults } from './faults.ts'
import { Network, type ProcessFaults } from './network.ts'
import { SimulatedProcess } from './simulated-process.ts'

/** What a world is made of. */
export interface WorldOptions {
  /** Decides the order of things; another decides the faults. */
  readonly random: Random
  readonly faults: Faults
  readonly sessionTimeoutMs: number
  /** Told after every COMMIT. */
  readonly onCommitted: () => void
  /** A process is gone. */
  readonly onCrash: (process: SimulatedProcess) => void
  /** A process stands still. */
  readonly onFreeze: (process: SimulatedProcess) => void
}

/** Any time would do; one that looks like one is easier to read. */
const BEGINNING = Date.UTC(2026, 0, 1)
const THAW_STEP_MS = 0.001

/** A broker, a database and the processes around them, under one event loop. */
export class World implements ProcessFaults {
  readonly loop: EventLoop
  readonly broker = new MemoryBroker()
  readonly schema = new MemorySchema()
  /** Runs what no process of the world would: tests, and those who start processes. */
  readonly director = new SimulatedProcess(0, 'director')
  readonly #options: WorldOptions
  readonly #kafka: KafkaSite
  readonly #database: DatabaseSite
  readonly #members = new Map<SimulatedProcess, SimulatedConsumer[]>()
  #processes = 2

  constructor(options: WorldOptions) {
    const { random, faults, onCommitted } = options
    this.#options = options
    this.loop = new EventLoop(random, BEGINNING)
    const network = new Network(this.loop, faults, this)
    this.#kafka = {
      ...{ broker: this.broker, process: new SimulatedProcess(1, 'kafka'), network },
      onMember: (client, consumer) => this.#membersOf(client).push(consumer),
    }
    const process = new SimulatedProcess(2, 'database')
    this.#database = { schema: this.schema, process, network, onCommitted }
  }

  createProcess(): SimulatedProcess {
    const number = ++this.#processes
    return new SimulatedProcess(number, `instance-${number - 2}`)
  }

  /** What an application in that process is given. */
  adaptersOf(process: SimulatedProcess) {
    return {
      kafka: simulatedKafka(this.#kafka, process),
      database: simulatedDatabase(this.#database, process),
    }
  }

  /** Has the broker do something after a while. */
  atBroker(delayMs: number, event: () => void): void {
    this.loop.schedule(this.#kafka.process, delayMs, event)
  }

  later(delayMs: number, event: () => void): void {
    this.loop.schedule(this.director, delayMs, event)
  }

  crash(process: SimulatedProcess): void {
    if (process.isDead) return
    process.die()
    this.#expireLater(process, () => true)
    this.#options.onCrash(process)
  }

  freeze(process: SimulatedProcess): void {
    if (process.isDead || process.isFrozen) return
    const { faults, sessionTimeoutMs, onFreeze } = this.#options
    process.freeze()
    onFreeze(process)
    this.#expireLater(process, () => process.isFrozen)
    this.later(faults.pause(sessionTimeoutMs), () => this.thaw(process))
  }

  thaw(process: SimulatedProcess): void {
    if (!process.isFrozen) return
    for (const [index, event] of process.thaw().entries())
      this.loop.schedule(process, index * THAW_STEP_MS, event)
    for (const member of this.#membersOf(process)) process.run(() => member.rejoin())
  }

  /** The session of a member ends although it is well: it joins again at once. */
  unsettle(random: Random): void {
    const living = [...this.#members].filter(([process]) => !process.isDead && !process.isFrozen)
    const [process, members = []] = living[Math.floor(random() * living.length)] ?? []
    this.atBroker(0, () => {
      for (const member of members) member.expire()
      for (const member of members) process?.run(() => member.rejoin())
    })
  }

  #expireLater(process: SimulatedProcess, isStill: () => boolean): void {
    this.atBroker(this.#options.sessionTimeoutMs, () => {
      if (isStill()) for (const member of this.#membersOf(process)) member.expire()
    })
  }

  #membersOf(process: SimulatedProcess): SimulatedConsumer[] {
    const members = this.#members.get(process) ?? []
    this.#members.set(process, members)
    return members
  }
}
