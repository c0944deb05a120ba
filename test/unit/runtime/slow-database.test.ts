import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { ApplicationWorld } from '../../support/application-world.ts'
import { deferred, type Deferred } from '../../support/deferred.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { signalsAt } from '../../support/telemetry.ts'
import { turns, until } from '../../support/turns.ts'
import { WindowGate } from '../../support/window-gate.ts'

/** Holds commits in the middle, which a test lets go one by one. */
class SlowCommits {
  readonly #held: Deferred[] = []
  #passed = 0
  #isOver = false

  readonly signals = signalsAt('fenced', () => {
    const held = deferred()
    this.#held.push(held)
    if (this.#isOver) held.resolve()
    return held.promise
  })

  /** Waits for a commit, and for whatever is processed meanwhile. */
  async next(): Promise<void> {
    await until('a commit', () => this.#held.length > this.#passed)
    await turns(100)
  }

  pass(): void {
    this.#held[this.#passed++]!.resolve()
  }

  letAllGo(): void {
    this.#isOver = true
    for (const held of this.#held) held.resolve()
  }
}

let world: ApplicationWorld
let commits: SlowCommits
let gate: WindowGate | undefined
beforeEach(async () => {
  world = await ApplicationWorld.create()
  commits = new SlowCommits()
})
afterEach(async () => {
  commits.letAllGo()
  gate?.letAllGo()
  await world.close()
})

const numbers = (count: number, letters = 1) =>
  Array.from({ length: count }, (_, i) => `${i}`.padEnd(letters))
const counted = async () => Object.keys(await world.counts()).length

test.each([
  { bound: '4 MB of encoded records', keys: 6_000, letters: 1_000, unitMax: 4_200 },
  { bound: '16 MB of written rows', keys: 90_000, letters: 1, unitMax: 77_200 },
])('a unit grows up to $bound while the database is slow', async ({ keys, letters, unitMax }) => {
  await world.startWith([0], { signals: commits.signals })
  world.produce(0, 'first')
  await commits.next()
  world.produce(0, ...numbers(keys, letters))
  for (let commit = 1; commit <= 2; commit++) {
    await turns(100)
    commits.pass()
    await commits.next()
  }
  const inUnit = (await counted()) - 1
  expect(inUnit).toBeGreaterThan(unitMax * 0.9)
  expect(inUnit).toBeLessThanOrEqual(unitMax)
  commits.letAllGo()
  await until('the rest', async () => (await counted()) === keys + 1)
})

test('a unit is committed once it is old, however much waits behind slow reads', async () => {
  const clock = new ManualClock()
  const member = await world.startWith([0], { clock, commitIntervalMsMax: 1_000 })
  gate = new WindowGate(member)
  const { transactions, readsBegun } = member.database
  const before = transactions.length
  world.produce(0, ...numbers(40_000))
  await until('the first window', () => member.database.readsBegun > readsBegun)
  await gate.pass()
  expect(transactions).toHaveLength(before)
  clock.advance(1_000)
  await gate.pass()
  expect(transactions).toHaveLength(before + 1)
})
