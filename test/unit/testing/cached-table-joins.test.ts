import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { serdes } from '../../../src/serdes/serdes.ts'
import { TopologyTestDriver } from '../../../src/testing/topology-test-driver.ts'
import { StreamsBuilder } from '../../../src/topology/streams-builder.ts'
import type { Topology } from '../../../src/topology/topology.ts'

const { string, int64 } = serdes
const SERDES = { key: string, value: string }
const KINDS = ['join', 'leftJoin', 'outerJoin'] as const
type Kind = (typeof KINDS)[number]
const KEPT = { store: 'joined', value: string }
const COMPUTED = { name: 'joined' }

const rowOf = (left: string | null, right: string | null) => `${left ?? '-'}${right ?? '-'}`

/** Joins two tables, in a store of its own or not, and counts the rows of the result that have a value. */
function joined(kind: Kind, isKept: boolean): Topology {
  const builder = new StreamsBuilder()
  const left = builder.table('left', { ...SERDES, store: 'left' })
  const right = builder.table('right', { ...SERDES, store: 'right' })
  const kept = {
    join: () => left.join(right, rowOf, KEPT),
    leftJoin: () => left.leftJoin(right, rowOf, KEPT),
    outerJoin: () => left.outerJoin(right, rowOf, KEPT),
  }
  const computed = {
    join: () => left.join(right, rowOf, COMPUTED),
    leftJoin: () => left.leftJoin(right, rowOf, COMPUTED),
    outerJoin: () => left.outerJoin(right, rowOf, COMPUTED),
  }
  const rows = isKept ? kept[kind]() : computed[kind]()
  const groups = { name: 'values', key: string, value: string }
  const grouped = rows.groupBy((_key, value) => [value ?? '', ''], groups)
  grouped.count({ store: 'count' }).toStream().to('out', { value: int64 })
  return builder.build()
}

interface Step {
  readonly side: 'left' | 'right'
  readonly key: string
  readonly value: string | null
  readonly isCommitted: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  side: fc.constantFrom('left', 'right'),
  key: fc.constantFrom('a', 'b'),
  value: fc.constantFrom('x', 'y', null),
  isCommitted: fc.boolean(),
})

/** The rows of the join, of what the steps have left in both tables. */
function expected(kind: Kind, steps: readonly Step[]): Record<string, string> {
  const tables = { left: new Map<string, string>(), right: new Map<string, string>() }
  for (const { side, key, value } of steps)
    if (value === null) tables[side].delete(key)
    else tables[side].set(key, value)
  const isRow = (key: string) => {
    const [hasLeft, hasRight] = [tables.left.has(key), tables.right.has(key)]
    if (kind === 'join') return hasLeft && hasRight
    return kind === 'leftJoin' ? hasLeft : hasLeft || hasRight
  }
  const row = (key: string) => rowOf(tables.left.get(key) ?? null, tables.right.get(key) ?? null)
  return Object.fromEntries(['a', 'b'].filter(isRow).map((key) => [key, row(key)]))
}

async function entriesOf(driver: TopologyTestDriver, store: string) {
  const entries = await driver.getKeyValueStore(store).entries()
  return Object.fromEntries(entries.map(({ key, value }) => [String(key), value]))
}

/** A group that rows came to and left again has a count of 0, unless that was between two commits. */
function withoutZeros(counts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0))
}

function countValues(rows: Record<string, string>): Record<string, number> {
  const values = Object.values(rows)
  return Object.fromEntries(
    values.map((value) => [value, values.filter((other) => other === value).length]),
  )
}

describe.each(KINDS)('a %s of tables with caches, whenever commits are made', (kind) => {
  test.each([
    ['in a store', true],
    ['computed', false],
  ])('%s has the rows that both tables make in the end, and so has what is below', (_, isKept) =>
    fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }),
        async (steps) => {
          const options = { cache: true, commitsAfter: () => false }
          const driver = await TopologyTestDriver.open(joined(kind, isKept), options)
          for (const { side, key, value, isCommitted } of steps) {
            await driver.createInputTopic(side, SERDES).pipeInput({ key, value })
            if (isCommitted) await driver.commit()
          }
          await driver.commit()
          await driver.commit()
          const rows = expected(kind, steps)
          if (isKept) expect(await entriesOf(driver, 'joined')).toEqual(rows)
          const counts = await entriesOf(driver, 'count')
          expect(withoutZeros(counts)).toEqual(countValues(rows))
          await driver.close()
        },
      ),
      { numRuns: 60 },
    ),
  )
})
