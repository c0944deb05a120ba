import { createRandom, type Random } from '../support/random.ts'
import { InvariantChecker } from './checks/check-invariants.ts'
import { readTasks } from './checks/tables.ts'
import { APPLICATION } from './workload/topology.ts'
import type { Entry, Workload } from './workload/workload.ts'
import { workloadOf } from './workload/workloads.ts'
import { Faults } from './world/faults.ts'
import { Fleet } from './world/fleet.ts'
import { installVirtualGlobals } from './world/virtual-globals.ts'
import { World } from './world/world.ts'

/** What became of a schedule. */
export interface ScheduleResult {
  readonly seed: number
  /** What was not as it has to be; nothing where all was. */
  readonly problems: readonly string[]
  readonly steps: number
  readonly virtualMs: number
  /** The same whenever the seed is. */
  readonly fingerprint: string
  /** What the instances said, with the virtual time. */
  readonly lines: readonly string[]
}

const SESSION_TIMEOUT_MS = 10_000
/** Entries come, and things go wrong, this long. */
const BAD_TIME_MS = 40_000
/** How long all of it may take to come to an end when nothing goes wrong any more. */
const GOOD_TIME_MS = 180_000
const CLOSE_MS = 60_000
const LOOK_MS = 250

/** One seeded run of an application on a broker and a database that fail it: the same seed, the same run. */
export async function runSchedule(seed: number): Promise<ScheduleResult> {
  const schedule = new Schedule(seed)
  return schedule.run()
}

class Schedule {
  readonly #seed: number
  readonly #random: Random
  readonly #workload: Workload
  readonly #faults: Faults
  readonly #fleet: Fleet
  readonly #world: World
  readonly #checker: InvariantChecker
  readonly #partitions: number
  readonly #entries: readonly Entry[]
  /** How many there have been. */
  #claims = 0n

  constructor(seed: number) {
    this.#seed = seed
    this.#random = createRandom(seed)
    this.#workload = workloadOf(seed)
    const random = this.#random
    this.#partitions = 1 + this.#pick(3)
    const [partitions, count] = [this.#partitions, 40 + this.#pick(120)]
    const wanted = { partitions, count, overMs: BAD_TIME_MS }
    this.#entries = this.#workload.createEntries(random, wanted)
    this.#faults = new Faults(createRandom(seed ^ 0x5eed), {
      rate: 0.002 + random() * 0.02,
      most: 2 + this.#pick(12),
      latencyMs: [1, 1, 5, 30][this.#pick(4)]!,
    })
    this.#fleet = new Fleet(
      this.#workload.topology(),
      this.#options(),
      createRandom(seed ^ 0xf1ee7),
    )
    this.#world = new World({
      ...{
        random: createRandom(seed ^ 0x100b),
        faults: this.#faults,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
      },
      onCommitted: () => this.#onCommitted(),
      onCrash: (process) => this.#fleet.crashed(process),
      onFreeze: (process) => this.#fleet.frozen(process),
    })
    this.#checker = new InvariantChecker(this.#world, this.#workload)
  }

  async run(): Promise<ScheduleResult> {
    const { loop } = this.#world
    const uninstall = installVirtualGlobals(loop, createRandom(this.#seed ^ 0xd1ce))
    const startedAt = loop.now
    try {
      this.#createTopics()
      this.#feed()
      this.#disturb()
      this.#fleet.start(this.#world, 1 + this.#pick(3))
      await loop.run(startedAt + BAD_TIME_MS, () => this.#hasProblem)
      this.#faults.end()
      await this.#untilDone(loop.now + GOOD_TIME_MS)
      await this.#close(loop.now + CLOSE_MS)
    } finally {
      uninstall()
    }
    const { steps, fingerprint, now } = loop
    const { lines } = this.#fleet
    const problems = [...this.#problems, ...(this.#hasProblem ? [] : this.#results())]
    return { seed: this.#seed, problems, steps, virtualMs: now - startedAt, fingerprint, lines }
  }

  #onCommitted(): void {
    this.#checker.check()
    const claims = readTasks(this.#world.schema).reduce((sum, { epoch }) => sum + epoch, 0n)
    if (claims > this.#claims && this.#faults.isBad && this.#random() < 0.15) this.#unsettleSoon()
    this.#claims = claims
  }

  /** A takeover is where most can go wrong: the group may change its mind in the middle of one. */
  #unsettleSoon(): void {
    this.#world.later(this.#random() * 300, () => this.#world.unsettle(this.#random))
  }

  get #problems(): readonly string[] {
    return [...this.#checker.problems, ...this.#fleet.problems]
  }

  get #hasProblem(): boolean {
    return this.#checker.problems.length > 0 || this.#fleet.problems.length > 0
  }

  #pick(below: number): number {
    return Math.floor(this.#random() * below)
  }

  #options() {
    const isSmall = this.#random() < 0.5
    return {
      applicationId: APPLICATION,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
      commitIntervalMsMax: [10, 100, 1_000][this.#pick(3)]!,
      taskTimeoutMs: 300_000,
      ...(isSmall && { cacheBytesMax: 64 }),
    }
  }

  #createTopics(): void {
    for (const topic of this.#workload.topics)
      this.#world.broker.topics.create({ topic, partitions: this.#partitions })
  }

  #feed(): void {
    const { broker } = this.#world
    for (const entry of this.#entries)
      this.#world.atBroker(entry.at, () => {
        broker.topics.append([entry])
        broker.wakeReaders()
      })
  }

  /** Instances come and go in order, too. */
  #disturb(): void {
    for (let restarts = this.#pick(4); restarts > 0; restarts--)
      this.#world.later(this.#random() * BAD_TIME_MS, () => this.#fleet.restartOne())
  }

  async #untilDone(until: number): Promise<void> {
    const { loop } = this.#world
    while (!this.#hasProblem && loop.now < until && this.#results().length > 0)
      await loop.run(loop.now + LOOK_MS, () => false)
  }

  async #close(until: number): Promise<void> {
    if (this.#hasProblem) return
    let isClosed = false
    this.#world.later(0, () => void this.#fleet.close().then(() => (isClosed = true)))
    await this.#world.loop.run(until, () => isClosed)
    if (!isClosed) this.#fleet.problems.push('the instances do not close')
  }

  #results(): string[] {
    return this.#workload.check(this.#entries, this.#world)
  }
}
