import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Database } from '../../../src/database/database.ts'
import { memory } from '../../../src/database/memory/index.ts'
import { postgres } from '../../../src/database/postgres/index.ts'
import type { Row } from '../../../src/database/table.ts'
import type { KeyRange, Transaction } from '../../../src/database/transaction.ts'
import type { Cell } from '../../../src/model/cell.ts'
import { consoleLogger } from '../../../src/telemetry/logger.ts'
import { describePostgres } from './postgres-server.ts'
import { ALL_TABLES, WINDOWS } from './tables.ts'

type Operation = (transaction: Transaction) => Promise<unknown>
type Step = readonly [name: string, Operation]

const logger = consoleLogger('silent')
const everything = { prefix: [] }
const bySelf = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).toSorted()

// Few values of each, so that operations meet; the texts are those that UTF-16 and UTF-8 order differently.
const partition = fc.constantFrom(0, 1)
const key = fc.constantFrom('', 'a', 'ab', 'b', '\ue000', '😀', '"{\\}')
const start = fc.constantFrom(-1, 0, 1_000, 8_640_000_000_000_000)
const value = fc.constantFrom(-1.5, 0, 2, Infinity)
const row = fc.tuple(partition, key, start, value)
const rows = fc.uniqueArray(row, {
  maxLength: 6,
  selector: (cells) => JSON.stringify(cells.slice(0, 3)),
})

/** A key, or the columns it begins with, in two parts, cut anywhere. */
const keySet = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 3 }),
    partition,
    key,
    fc.array(row, { maxLength: 6 }),
  )
  .map(([cut, end, first, second, others]) => {
    const prefix = ([first, second, 0] as Cell[]).slice(0, Math.min(cut, end))
    return { prefix, keys: others.map((cells) => cells.slice(prefix.length, end)) }
  })

const range = fc
  .record({
    length: fc.integer({ min: 0, max: 2 }),
    at: row,
    from: fc.option(fc.tuple(row, fc.boolean())),
    to: fc.option(fc.tuple(row, fc.boolean())),
    reverse: fc.boolean(),
    limit: fc.option(fc.integer({ min: 0, max: 4 })),
    after: fc.option(fc.tuple(row, fc.integer({ min: 1, max: 3 }))),
    isByIndex: fc.boolean(),
  })
  .map(({ length: given, at, from, to, reverse, limit, after, isByIndex }): KeyRange => {
    const length = isByIndex ? Math.min(given, 1) : given
    const cellsOf = (cells: Row) => (isByIndex ? [cells[0]!, cells[2]!] : cells)
    const bound = ([cells, inclusive]: [Row, boolean]) => ({
      cell: cellsOf(cells)[length] ?? null,
      inclusive,
    })
    return {
      ...(isByIndex && { by: 'index' }),
      prefix: cellsOf(at).slice(0, length),
      reverse,
      ...(from ? { from: bound(from) } : {}),
      ...(to ? { to: bound(to) } : {}),
      ...(limit === null ? {} : { limit }),
      ...(after ? { after: cellsOf(after[0].slice(0, 3)).slice(length, length + after[1]) } : {}),
    }
  })

const update = fc
  .uniqueArray(fc.tuple(partition, key, value), {
    maxLength: 3,
    selector: (cells) => JSON.stringify(cells.slice(0, 2)),
  })
  .map((wheres) =>
    wheres.map(([inPartition, ofKey, set]) => ({
      where: { partition: inPartition, key: ofKey },
      set: { value: set },
    })),
  )

const operation: fc.Arbitrary<Step> = fc.oneof(
  rows.map((given): Step => ['upsertMany', (t) => t.upsertMany(WINDOWS, given)]),
  rows.map((given): Step => ['insertMissing', (t) => t.insertMissing(WINDOWS, given)]),
  keySet.map((keys): Step => ['deleteMany', (t) => t.deleteMany(WINDOWS, keys)]),
  keySet.map((keys): Step => ['getMany', async (t) => bySelf(await t.getMany(WINDOWS, keys))]),
  keySet.map((keys): Step => ['getMany lock', (t) => t.getMany(WINDOWS, keys, { lock: true })]),
  range.map((given): Step => ['range', (t) => t.range(WINDOWS, given)]),
  range.map((given): Step => ['deleteRange', (t) => t.deleteRange(WINDOWS, given)]),
  update.map((updates): Step => ['updateWhere', (t) => t.updateWhere(WINDOWS, updates)]),
)
const transactions = fc.array(
  fc.record({
    steps: fc.array(operation, { minLength: 1, maxLength: 6 }),
    isCommitted: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
)

class RolledBack extends TypeError {}

describePostgres('memory and postgres', (server) => {
  let databases: Database[] = []

  beforeAll(async () => {
    const schema = server.schema('alike')
    const adapters = [memory(), postgres({ url: server.url })]
    databases = await Promise.all(adapters.map((adapter) => adapter.open({ schema, logger })))
    await Promise.all(
      databases.map((database) => database.migrate(ALL_TABLES, async () => undefined)),
    )
  })
  afterAll(() => Promise.all(databases.map((database) => database.close())))

  test('answer alike, whatever is asked of them', async () => {
    await fc.assert(
      fc.asyncProperty(transactions, async (given) => {
        const [inMemory, inPostgres] = await Promise.all(
          databases.map((database) => answersOf(database, given)),
        )
        expect(inMemory).toEqual(inPostgres)
      }),
      { numRuns: 150 },
    )
  }, 60_000)
})

async function answersOf(
  database: Database,
  given: readonly { readonly steps: readonly Step[]; readonly isCommitted: boolean }[],
): Promise<unknown[]> {
  const answers: unknown[] = []
  await database.transaction((transaction) => transaction.deleteRange(WINDOWS, everything))
  for (const { steps, isCommitted } of given) {
    const done = database.transaction(async (transaction) => {
      for (const [name, run] of steps) answers.push([name, await run(transaction)])
      if (!isCommitted) throw new RolledBack()
    })
    await done.catch((error: unknown) => answers.push((error as Error).name))
    answers.push(await database.range(WINDOWS, everything))
  }
  return answers
}
