import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import fc from 'fast-check'
import {
  CommitUnknownError,
  TransactionRolledBackError,
} from '../../../src/errors/database-errors.ts'
import { TransactionUnknownError } from '../../../src/errors/kafka-errors.ts'
import { ApplicationWorld, type Member } from '../../support/application-world.ts'
import type { Fault } from '../../support/faulty-database.ts'
import { turns, until } from '../../support/turns.ts'

const KEYS = ['a', 'b'] as const
/** A second or two; CHAOS_RUNS asks for more: 3,000 took 17 s on an idle machine, 59 s on a busy one. */
const RUNS = Number(process.env['CHAOS_RUNS'] ?? 60)
const TIMEOUT_MS = 30_000 + RUNS * 100

const databaseFault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { at: 'answer', error: new CommitUnknownError() },
  { at: 'commit', error: new CommitUnknownError() },
  { at: 'answer', error: new CommitUnknownError(), when: () => turns(10) },
  { at: 'commit', error: new CommitUnknownError(), when: () => turns(10) },
  { at: 'commit', error: new TransactionRolledBackError('chaos') },
  { at: 'statement', error: new TransactionRolledBackError('chaos') },
)
const member = fc.nat({ max: 2 })
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('produce' as const), to: fc.nat({ max: 1 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('assign' as const),
      member,
      partitions: fc.subarray([0, 1]),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('database' as const), member, fault: databaseFault }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('reads' as const), member, turns: fc.nat({ max: 40 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('kafka' as const), committed: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hang' as const), hang: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('turns' as const), count: fc.nat({ max: 30 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      ms: fc.constantFrom(5, 100, 1_100, 3_100),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Three members, two tasks, and whatever can go wrong on the way. */
class Chaos {
  readonly #world: ApplicationWorld
  readonly #members: readonly Member[]
  readonly #produced = [0, 0]

  private constructor(world: ApplicationWorld, members: readonly Member[]) {
    this.#world = world
    this.#members = members
  }

  static async create(): Promise<Chaos> {
    const world = await ApplicationWorld.create()
    return new Chaos(world, [await world.start(), await world.start(), await world.start()])
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'produce') {
      this.#produced[step.to]!++
      this.#world.produce(step.to, KEYS[step.to]!)
    } else if (step.do === 'assign') this.#members[step.member]!.assign(...step.partitions)
    else if (step.do === 'database') this.#members[step.member]!.database.fail(step.fault)
    else if (step.do === 'reads')
      this.#members[step.member]!.database.readsWaitFor = turns(step.turns)
    else if (step.do === 'kafka') this.#breakTransaction(step.committed)
    else if (step.do === 'hang') this.#hang(step.hang)
    else if (step.do === 'turns') await turns(step.count)
    else await jest.advanceTimersByTimeAsync(step.ms)
  }

  /** Peace: one owner for each task. Everything that was produced is counted once and published once, in order. */
  async finish(): Promise<void> {
    this.#hang(false)
    this.#world.kafka.faults.length = 0
    for (const [i, { assign }] of this.#members.entries()) assign(...[[0], [1], []][i]!)
    await until('everything published', () => this.#isPublished(), 3_000)
    for (const [i, key] of KEYS.entries()) {
      const expected = Array.from({ length: this.#produced[i]! }, (_, at) => at + 1)
      expect(this.#world.published(key)).toEqual(expected)
      expect((await this.#world.counts())[key] ?? 0).toBe(this.#produced[i])
    }
    expect(this.#members.flatMap(({ failures }) => failures)).toEqual([])
  }

  close(): Promise<void> {
    return this.#world.close()
  }

  async #isPublished(): Promise<boolean> {
    await jest.advanceTimersByTimeAsync(20)
    const settled = this.#members.map(({ instance }) => instance.tasks.join()).join('|')
    const isPublished = KEYS.every(
      (key, i) => this.#world.published(key).length >= this.#produced[i]!,
    )
    return isPublished && settled === '0_0|0_1|'
  }

  #breakTransaction(committed: boolean): void {
    this.#world.kafka.faults.push({ error: new TransactionUnknownError('chaos'), committed })
  }

  #hang(hang: boolean): void {
    this.#world.kafka.isHanging = hang
    if (!hang) this.#world.kafka.letGo()
  }
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
})
afterEach(() => void jest.useRealTimers())

test(
  'whatever goes wrong on the way, everything is counted once and published once, in order',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
        async (steps) => {
          const chaos = await Chaos.create()
          try {
            for (const one of steps) await chaos.take(one)
            await chaos.finish()
          } finally {
            await Promise.all([chaos.close(), jest.advanceTimersByTimeAsync(60_000)])
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
  },
  TIMEOUT_MS,
)
